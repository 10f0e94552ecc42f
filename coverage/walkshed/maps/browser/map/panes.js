/* The panes of the map, one above the other; most take no clicks. */

/**
 * A pane that takes no clicks.
 * @param {L.Map} map
 * @param {string} name
 * @param {number} height
 */
export function addPane(map, name, height) {
  const pane = map.createPane(name);
  pane.style.zIndex = String(height);
  pane.style.pointerEvents = "none";
  return pane;
}
