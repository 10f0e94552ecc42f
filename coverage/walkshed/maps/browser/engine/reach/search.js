/* Dijkstra's search within a limit, from a station against the arcs; work arrays are made once and never cleared. */
/** @import { Graph } from "../graph.js" */

const SEEDS = 64;

/**
 * order: settled nodes, nearest first; cost: of these; run(seeds [node, cost], limit) settles all nodes within the limit
 * and returns how many.
 * @typedef {{ order: Int32Array, cost: Float64Array, run: (seeds: [number, number][], limit: number) => number }} Search
 */

/** @param {Graph} graph @returns {Search} */
export function makeSearch(graph) {
  const { total, into, tail, cost: weight } = graph;
  const heap = makeHeap(tail.length + SEEDS);
  const stamp = new Int32Array(total);
  const cost = new Float64Array(total); /* valid where stamp is the search's epoch */
  const order = new Int32Array(total);
  let epoch = 0;

  /** @param {number} node @param {number} reached */
  function reach(node, reached) {
    if (stamp[node] === epoch && cost[node] <= reached) return;
    stamp[node] = epoch;
    cost[node] = reached;
    heap.push(reached, node);
  }

  /** @param {[number, number][]} seeds @param {number} limit */
  function run(seeds, limit) {
    heap.clear(tail.length + seeds.length);
    epoch += 1;
    let count = 0;
    for (const [node, reached] of seeds) if (reached <= limit) reach(node, reached);
    while (heap.size() > 0) {
      const reached = heap.key();
      const node = heap.pop();
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

/**
 * A heap of four children per node: the least key comes first.
 * @param {number} room
 */
function makeHeap(room) {
  let keys = new Float64Array(room);
  let loads = new Int32Array(room);
  let size = 0;

  /** @param {number} key @param {number} load */
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

  /* Takes the first away, and returns its load. */
  function pop() {
    const first = loads[0];
    size -= 1;
    sink(keys[size], loads[size]);
    return first;
  }

  /** @param {number} key @param {number} load */
  function sink(key, load) {
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

  return {
    push,
    pop,
    key: () => keys[0],
    size: () => size,
    /** @param {number} most */
    clear(most) {
      size = 0;
      if (keys.length >= most) return;
      keys = new Float64Array(most);
      loads = new Int32Array(most);
    },
  };
}
