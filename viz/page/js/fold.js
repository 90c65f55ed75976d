/**
 * What is drawn while some groups are open and the others closed: a closed group is one box, and arrows that begin or
 * end inside one are drawn together.
 */

/** @typedef {import("./graph.js").Graph} Graph */
/** @typedef {import("./graph.js").Edge} Edge */
/** @typedef {{group: number, members: number[], results: number[]}} Closed */
/** @typedef {{boxes: {node: number, closed: Closed | null}[], boxOf: Int32Array, around: number[],
 *   arrows: {source: number, target: number, edges: Edge[], merged: boolean}[]}} Folded */

/**
 * @param {Graph} graph
 * @param {Set<number>} open the numbers of the groups that are open; those around them must be open too
 * @returns {Folded} `around` has the innermost open group of each box, −1 for none
 */
export function folded(graph, open) {
  const { groups, groupOf, size } = graph;
  /** The outermost closed group around what is in a group. @type {number[]} */
  const outer = [];
  groups.forEach(({ parent }, k) => {
    outer[k] = parent >= 0 && outer[parent] >= 0 ? outer[parent] : open.has(k) ? -1 : k;
  });
  /** @type {Map<number, number[]>} */
  const members = new Map();
  for (let i = 0; i < size; i++) {
    const k = groupOf[i] < 0 ? -1 : outer[groupOf[i]];
    if (k < 0) continue;
    const found = members.get(k);
    if (found) found.push(i);
    else members.set(k, [i]);
  }
  // A group of one is drawn as what is in it.
  for (const [k, found] of members) if (found.length === 1) members.delete(k);
  /** @param {number} i */
  const closedAround = (i) => {
    const k = groupOf[i] < 0 ? -1 : outer[groupOf[i]];
    return members.has(k) ? k : -1;
  };
  const used = new Uint8Array(size);
  for (const root of graph.roots) used[root] = 1;
  for (const edge of graph.edges) {
    const k = closedAround(edge.source);
    if (k >= 0 && k !== closedAround(edge.target)) used[edge.source] = 1;
  }
  // A group stands where the last of its results does.
  /** @type {{at: number, node: number, closed: Closed | null}[]} */
  const boxes = [];
  for (let i = 0; i < size; i++) if (closedAround(i) < 0) boxes.push({ at: i, node: i, closed: null });
  for (const [k, inside] of members) {
    const results = inside.filter((i) => used[i]);
    const at = results.length ? results[results.length - 1] : inside[inside.length - 1];
    boxes.push({ at, node: results.length === 1 ? results[0] : -1, closed: { group: k, members: inside, results } });
  }
  boxes.sort((p, q) => p.at - q.at);
  const boxOf = new Int32Array(size);
  boxes.forEach(({ node, closed }, id) => {
    for (const i of closed?.members ?? [node]) boxOf[i] = id;
  });
  const around = boxes.map(({ node, closed }) => (closed ? groups[closed.group].parent : groupOf[node]));
  /** @type {Folded["arrows"]} */
  const arrows = [];
  /** @type {Map<number, Folded["arrows"][number]>} */
  const together = new Map();
  for (const edge of graph.edges) {
    const source = boxOf[edge.source], target = boxOf[edge.target];
    if (source === target) continue;
    if (!boxes[target].closed && (boxes[source].closed?.results.length ?? 1) === 1) {
      arrows.push({ source, target, edges: [edge], merged: false });
      continue;
    }
    const key = source * boxes.length + target, found = together.get(key);
    if (found) {
      found.edges.push(edge);
      continue;
    }
    const made = { source, target, edges: [edge], merged: true };
    together.set(key, made);
    arrows.push(made);
  }
  arrows.sort((p, q) => p.target - q.target);
  return { boxes, boxOf, around: around.map((k) => openAround(graph, open, k)), arrows };
}

/**
 * @param {Graph} graph
 * @param {Set<number>} open
 * @param {number} k
 */
function openAround(graph, open, k) {
  // Only around what stands for a closed group of one is a group not open.
  while (k >= 0 && !open.has(k)) k = graph.groups[k].parent;
  return k;
}

/**
 * The groups around a node, the outermost first.
 * @param {Graph} graph
 * @param {number} node
 * @returns {number[]}
 */
export function around(graph, node) {
  const found = [];
  for (let k = graph.groupOf[node]; k >= 0; k = graph.groups[k].parent) found.unshift(k);
  return found;
}

/**
 * The groups that are open once one more is: those around it too, and fewer of the others where there is no room.
 * @param {Graph} graph
 * @param {Set<number>} open in the order in which they were opened
 * @param {number} group
 * @param {number} most boxes that may be drawn
 * @returns {Set<number>}
 */
export function withOpen(graph, open, group, most) {
  const path = new Set();
  for (let k = group; k >= 0; k = graph.groups[k].parent) path.add(k);
  let found = new Set([...[...open].filter((k) => !path.has(k)), ...[...path].reverse()]);
  for (const k of [...found]) {
    if (path.has(k) || folded(graph, found).boxes.length <= most) break;
    found = without(graph, found, k);
  }
  return found;
}

/**
 * The groups that are open once one is closed, with all in it.
 * @param {Graph} graph
 * @param {Set<number>} open
 * @param {number} group
 * @returns {Set<number>}
 */
export function without(graph, open, group) {
  return new Set([...open].filter((k) => {
    for (let inner = k; inner >= 0; inner = graph.groups[inner].parent) if (inner === group) return false;
    return true;
  }));
}
