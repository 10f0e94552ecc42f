/* Dijkstra's search within a limit, from a station against the arcs; work arrays are made once and never cleared. */

const SEEDS = 64;

/* A search holds: order (settled nodes, nearest first), cost (valid where stamp is the search's epoch), run(). */
export function makeSearch(graph) {
  const { total, into, tail, cost: weight } = graph;
  const stamp = new Int32Array(total);
  const cost = new Float64Array(total);
  const order = new Int32Array(total);
  let keys = new Float64Array(tail.length + SEEDS);
  let loads = new Int32Array(tail.length + SEEDS);
  let size = 0;
  let epoch = 0;

  /* a heap of four children per node */
  function push(key, load) {
    let at = size++;
    while (at > 0) {
      const above = (at - 1) >> 2;
      if (keys[above] <= key) break;
      keys[at] = keys[above];
      loads[at] = loads[above];
      at = above;
    }
    keys[at] = key;
    loads[at] = load;
  }

  function pop() {
    size -= 1;
    const key = keys[size];
    const load = loads[size];
    let at = 0;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= size) break;
      let least = first;
      const last = Math.min(first + 4, size);
      for (let other = first + 1; other < last; other += 1) if (keys[other] < keys[least]) least = other;
      if (key <= keys[least]) break;
      keys[at] = keys[least];
      loads[at] = loads[least];
      at = least;
    }
    keys[at] = key;
    loads[at] = load;
  }

  function reach(node, reached) {
    if (stamp[node] === epoch && cost[node] <= reached) return;
    stamp[node] = epoch;
    cost[node] = reached;
    push(reached, node);
  }

  /* Settles all nodes within the limit of the seeds [node, cost]; returns how many. */
  function run(seeds, limit) {
    if (seeds.length > SEEDS && keys.length < tail.length + seeds.length) {
      keys = new Float64Array(tail.length + seeds.length);
      loads = new Int32Array(tail.length + seeds.length);
    }
    epoch += 1;
    size = 0;
    let count = 0;
    for (const [node, reached] of seeds) if (reached <= limit) reach(node, reached);
    while (size > 0) {
      const reached = keys[0];
      const node = loads[0];
      pop();
      if (reached > cost[node]) continue;
      order[count++] = node;
      for (let arc = into[node]; arc < into[node + 1]; arc += 1) {
        const onward = reached + weight[arc];
        if (onward <= limit) reach(tail[arc], onward);
      }
    }
    return count;
  }

  return { order, cost, run };
}
