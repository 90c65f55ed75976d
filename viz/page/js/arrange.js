/**
 * Places where there are none from Python: columns from left to right. An open group is a frame with columns of its own.
 * An arrow passes a column where nothing else stands, enters and leaves frames at their sides, and has a place for its
 * label, so that none runs through a text.
 */
import { LINE, SIDE, widest, width } from "./measure.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {{x: number, y: number, w: number, h: number, line: number, layer: number, order: number, box: number,
 *   level: Level | null, arrow: number, left: Link[], right: Link[]}} Item `line`: how far below its middle
 *   arrows run; `layer`: its column, once there are columns */
/** @typedef {{item: Item, mine: number, other: number}} Link where an arrow goes on, and how far from the middles */
/** @typedef {{source: number, from: Item, to: Item, way: Item[], over: number}} Connection */
/** @typedef {{group: number, w: number, h: number, x: number, y: number, items: Item[], columns: Item[][],
 *   lefts: number[], rights: number[], ways: Map<number, Connection>, into: Map<number, Item>, outOf: Map<number, Item>,
 *   overs: number}} Level */
/** @typedef {[number, number]} Point */

/** Of more boxes, or of more arrows, these have no labels. */
const LABELLED = 150, LABELS = 300;
/** Between two things in a column, and where one of them is only passed by an arrow. */
const GAP = 14, NARROW = 7;
/** Between columns: at least, and more for arrows that cross. */
const CHANNEL = 26, CROSSING = 1.5, WIDEST = 90;
/** Inside a frame: at the sides and below, and above, where its name stands. */
const FRAME = 12, TITLE = 24;
/** An arrow over more columns passes above all of them. */
const FAR = 60;
const SWEEPS = 6;
const HEAD = 8;
/** Half the way from a forward to its backward arrow. */
const ASIDE = 2;
/** Ends of arrows at one side of a box. */
const PORTS = 9;
/** Between arrows that pass above everything. */
const LANE = 6;

/**
 * @param {View} view
 * @returns what viz/page/places.py writes for other pictures
 */
export function arranged(view) {
  return new Arrangement(view).picture();
}

class Arrangement {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.labelled = view.boxes.length <= LABELLED && view.arrows.length <= LABELS;
    /** @type {Map<number, Level>} */
    this.levels = new Map();
    const inside = new Set([-1]);
    for (const k of view.around) for (let g = k; g >= 0 && !inside.has(g); g = this.parent(g)) inside.add(g);
    /** @type {Map<number, number[]>} */
    this.children = new Map([...inside].map((k) => [k, []]));
    for (const k of inside) if (k >= 0) this.children.get(this.parent(k))?.push(k);
    this.root = this.level(-1);
    this.place(this.root, 0, 0);
  }

  /** @param {number} group */
  parent(group) {
    return this.view.graph.groups[group].parent;
  }

  /**
   * The levels around a box, the innermost first.
   * @param {number} box
   */
  path(box) {
    const found = [];
    for (let k = this.view.around[box]; k >= 0; k = this.parent(k)) found.push(k);
    return [...found, -1];
  }

  // --- one level --------------------------------------------------------------------------------------------------

  /**
   * @param {number} group
   * @returns {Level}
   */
  level(group) {
    const { view } = this;
    /** @type {Level} */
    const level = { group, w: 0, h: 0, x: 0, y: 0, items: [], columns: [], lefts: [], rights: [], ways: new Map(),
      into: new Map(), outOf: new Map(), overs: 0 };
    this.levels.set(group, level);
    /** The item of each box in this level or below. @type {Map<number, Item>} */
    const itemOf = new Map();
    for (const child of this.children.get(group) ?? []) {
      const inner = this.level(child);
      const item = made({ w: inner.w, h: inner.h, level: inner });
      level.items.push(item);
      this.boxesIn(child, (box) => itemOf.set(box, item));
    }
    view.around.forEach((k, box) => {
      if (k !== group) return;
      const rows = view.rows(box);
      const item = made({ w: Math.ceil(widest(rows) + 2 * SIDE + 8), h: Math.ceil(rows.length * LINE + 7), box });
      level.items.push(item);
      itemOf.set(box, item);
    });
    const first = new Map(level.items.map((item) => [item, this.first(item)]));
    level.items.sort((p, q) => (first.get(p) ?? 0) - (first.get(q) ?? 0));
    level.items.forEach((item, k) => {
      item.order = k;
    });
    const connections = this.connected(level, itemOf);
    layered(level, connections);
    this.columns(level, connections);
    ordered(level);
    settled(level);
    this.measured(level);
    return level;
  }

  /** @param {Item} item */
  first(item) {
    if (!item.level) return item.box;
    let found = Infinity;
    this.boxesIn(item.level.group, (box) => (found = Math.min(found, box)));
    return found;
  }

  /**
   * @param {number} group
   * @param {(box: number) => void} each
   */
  boxesIn(group, each) {
    this.view.around.forEach((k, box) => {
      for (let g = k; g >= 0; g = this.parent(g)) if (g === group) return each(box);
    });
  }

  /**
   * What is connected in a level; arrows from and to the outside by way of its sides.
   * @param {Level} level
   * @param {Map<number, Item>} itemOf
   */
  connected(level, itemOf) {
    /** @type {Map<string, Connection>} */
    const found = new Map();
    for (const { id, source, target } of this.view.arrows) {
      const from = itemOf.get(source) ?? null, to = itemOf.get(target) ?? null;
      if ((!from && !to) || (from && from === to)) continue;
      const side = from && to ? null : from ? level.outOf : level.into;
      if (side && !side.has(source)) side.set(source, made({ h: 4 }));
      const port = side?.get(source);
      const start = from ?? port, end = to ?? port;
      if (!start || !end) continue;
      const label = this.labelled && end.box >= 0;
      const key = `${source} ${end === port ? "out" : end.order} ${label ? id : ""}`;
      let connection = found.get(key);
      if (!connection) {
        connection = { source, from: start, to: end, way: [], over: -1 };
        if (label) connection.way.push(this.label(id));
        found.set(key, connection);
      }
      level.ways.set(id, connection);
    }
    return [...found.values()];
  }

  /** @param {number} id */
  label(id) {
    const lines = this.view.label(this.view.arrows[id]);
    const h = lines.length * LINE + 12;
    return made({ w: Math.max(...lines.map((line) => width(line, false))) + 10, h, line: h / 2 - 5, arrow: id });
  }

  /**
   * Columns with all that stands in them, or is passed by there.
   * @param {Level} level
   * @param {Connection[]} connections
   */
  columns(level, connections) {
    const stands = [...level.items, ...level.into.values(), ...level.outOf.values()];
    const layers = new Set(stands.map((item) => item.layer));
    for (const { way: [label], to } of connections) if (label) layers.add((label.layer = to.layer - 1));
    const used = [...layers].sort((p, q) => p - q), columnOf = new Map(used.map((layer, k) => [layer, k]));
    /** @type {Item[][]} */
    level.columns = used.map(() => []);
    for (const item of stands) level.columns[columnOf.get(item.layer) ?? 0].push(item);
    /** @type {Map<string, Item>} */
    const passed = new Map();
    for (const connection of connections) {
      const { source, from, to, way } = connection, [label] = way;
      const start = columnOf.get(from.layer) ?? 0, stop = columnOf.get(to.layer) ?? 0;
      if (stop <= start || stop - start > FAR) {
        connection.over = level.overs++;
        connection.way = [];
        // A label that passes above everything stands where it begins to come down.
        if (label) level.columns[Math.max(0, stop - 1)].push(label);
        continue;
      }
      connection.way = [];
      for (let k = start + 1; k < stop; k++) {
        if (label && k === stop - 1) {
          level.columns[k].push(label);
          connection.way.push(label);
          continue;
        }
        const key = `${source} ${k}`;
        let item = passed.get(key);
        if (!item) {
          item = made({ h: 2 * ASIDE, order: from.order });
          passed.set(key, item);
          level.columns[k].push(item);
        }
        connection.way.push(item);
      }
      const stations = [from, ...connection.way, to];
      stations.slice(1).forEach((item, k) => link(stations[k], item, source));
    }
  }

  /**
   * From orders to points.
   * @param {Level} level
   */
  measured(level) {
    const { columns, group } = level, framed = group >= 0;
    let x = framed ? FRAME : 0;
    columns.forEach((column, k) => {
      const wide = Math.max(0, ...column.map((item) => item.w));
      level.lefts[k] = x;
      level.rights[k] = x + wide;
      for (const item of column) {
        item.x = x + wide / 2;
        item.layer = k;
      }
      const crossing = column.reduce((sum, item) => sum + item.right.length, 0);
      const ports = k + 1 === columns.length;
      x += wide + (ports ? 0 : Math.min(WIDEST, CHANNEL + CROSSING * crossing));
    });
    if (level.overs) {
      level.lefts = level.lefts.map((left) => left + CHANNEL);
      level.rights = level.rights.map((right) => right + CHANNEL);
      for (const column of columns) for (const item of column) item.x += CHANNEL;
      x += 2 * CHANNEL;
    }
    const all = columns.flat();
    const top = Math.min(...all.map((item) => item.y - item.h / 2)) - level.overs * LANE - (level.overs ? 8 : 0);
    const bottom = Math.max(...all.map((item) => item.y + item.h / 2));
    const above = framed ? TITLE : 0, below = framed ? FRAME : 0;
    for (const item of all) item.y += above - top;
    level.w = x + (framed ? FRAME : 0);
    if (framed) level.w = Math.max(level.w, width(this.view.graph.groups[group].name, false) + 60);
    level.h = bottom - top + above + below;
  }

  /**
   * @param {Level} level
   * @param {number} x
   * @param {number} y
   */
  place(level, x, y) {
    level.x = x;
    level.y = y;
    for (const { level: inner, x: dx, y: dy } of level.items) {
      if (inner) this.place(inner, x + dx - inner.w / 2, y + dy - inner.h / 2);
    }
  }

  // --- the picture ------------------------------------------------------------------------------------------------

  picture() {
    const { view } = this;
    /** @type {number[][]} */
    const boxes = [];
    /** @type {any[]} */
    const labels = view.arrows.map(() => 0), frames = [];
    for (const level of this.levels.values()) {
      if (level.group >= 0) frames.push([level.group, 0, level.x + level.w / 2, level.y + level.h / 2, level.w, level.h]);
      for (const column of level.columns) {
        for (const item of column) {
          const at = [level.x + item.x, level.y + item.y, item.w, item.h];
          if (item.box >= 0) boxes[item.box] = at;
          if (item.arrow >= 0) labels[item.arrow] = [at[0], at[1] - 5, at[2], at[3] - 10];
        }
      }
    }
    frames.sort((p, q) => q[4] * q[5] - p[4] * p[5]);
    const routes = view.arrows.map((arrow) => this.route(arrow.id, arrow.source, arrow.target));
    return { width: this.root.w, height: this.root.h, unbroken: [], boxes, labels, frames, extents: routes.map(extent),
      arrows: routes.map(curves) };
  }

  /**
   * The corners of an arrow, from level to level.
   * @param {number} id
   * @param {number} source
   * @param {number} target
   * @returns {Point[]}
   */
  route(id, source, target) {
    const up = this.path(source), down = this.path(target).reverse();
    const common = up.find((k) => down.includes(k)) ?? -1;
    const levels = [...up.slice(0, up.indexOf(common) + 1), ...down.slice(down.indexOf(common) + 1)];
    /** @type {Point[]} */
    const found = [];
    for (const k of levels) {
      const level = this.levels.get(k), connection = level?.ways.get(id);
      if (level && connection) found.push(...corners(level, connection).map(([x, y]) => /** @type {Point} */ ([level.x + x, level.y + y])));
    }
    return found.filter(([x, y], k) => k === 0 || x !== found[k - 1][0] || y !== found[k - 1][1]);
  }
}

/**
 * @param {Partial<Item>} what
 * @returns {Item}
 */
function made(what) {
  return { x: 0, y: 0, w: 0, h: 0, line: 0, layer: 0, order: 0, box: -1, level: null, arrow: -1, left: [], right: [], ...what };
}

/**
 * How far from the middle of an item an arrow from `source` runs: at its port, if it is a frame.
 * @param {Item} item
 * @param {number} source
 * @param {"into" | "outOf"} side
 */
function portOf(item, source, side) {
  const port = item.level?.[side].get(source);
  return port && item.level ? port.y - item.level.h / 2 : item.line;
}

/**
 * @param {Item} left
 * @param {Item} right
 * @param {number} source
 */
function link(left, right, source) {
  if (!left.level && left.right.some(({ item }) => item === right)) return;
  const [near, far] = [portOf(left, source, "outOf"), portOf(right, source, "into")];
  left.right.push({ item: right, mine: near, other: far });
  right.left.push({ item: left, mine: far, other: near });
}

/**
 * Layers by the longest way; what nothing comes into stands right before its first use.
 * @param {Level} level
 * @param {Connection[]} connections
 */
function layered(level, connections) {
  const { items } = level;
  for (const item of items) item.layer = 2;
  /** @type {Map<Item, Item[]>} */
  const users = new Map(items.map((item) => [item, []]));
  const waiting = new Map(items.map((item) => [item, 0]));
  for (const { from, to } of connections) {
    if (!users.has(from) || !users.has(to)) continue;
    users.get(from)?.push(to);
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
  }
  const fed = new Set(connections.map(({ to }) => to));
  const left = new Set(items);
  let ready = items.filter((item) => !waiting.get(item));
  while (left.size) {
    // In a circle, as of a part that is used twice, the oldest goes first.
    if (!ready.length) ready = [[...left][0]];
    const item = /** @type {Item} */ (ready.shift());
    if (!left.delete(item)) continue;
    for (const user of users.get(item) ?? []) {
      if (!left.has(user)) continue;
      user.layer = Math.max(user.layer, item.layer + 2);
      const more = (waiting.get(user) ?? 0) - 1;
      waiting.set(user, more);
      if (!more) ready.push(user);
    }
  }
  for (const item of items) {
    const layers = (users.get(item) ?? []).map((user) => user.layer);
    if (!fed.has(item) && layers.length) item.layer = Math.max(2, Math.min(...layers) - 2);
  }
  const last = Math.max(0, ...items.map((item) => item.layer));
  for (const port of level.outOf.values()) port.layer = last + 1;
}

/**
 * Everything in a column beside what it is connected with.
 * @param {Level} level
 */
function ordered({ columns }) {
  /** @type {Map<Item, number>} */
  const place = new Map();
  /** @param {Item[]} column */
  const number = (column) => column.forEach((item, k) => place.set(item, (k + 0.5) / column.length));
  for (const column of columns) {
    column.sort((p, q) => p.order - q.order);
    number(column);
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forward = sweep % 2 === 0;
    for (const column of forward ? columns : [...columns].reverse()) {
      const wish = new Map(column.map((item) => {
        const links = forward ? item.left : item.right;
        const mean = links.reduce((sum, { item: other, other: off }) =>
          sum + (place.get(other) ?? 0) + (other.level ? (off / other.h) * 0.9 / columns.length : 0), 0) / links.length;
        return [item, links.length ? mean : place.get(item) ?? 0];
      }));
      column.sort((p, q) => (wish.get(p) ?? 0) - (wish.get(q) ?? 0) || p.order - q.order);
      number(column);
    }
  }
}

/**
 * Heights: each as near to those that it is connected with as the order in its column allows.
 * @param {Level} level
 */
function settled({ columns }) {
  for (const column of columns) {
    spread(column, column.map(() => 0));
  }
  for (let sweep = 0; sweep < 2 * SWEEPS; sweep++) {
    const forward = sweep % 2 === 0, both = sweep >= 2 * SWEEPS - 3;
    for (const column of forward ? columns : [...columns].reverse()) {
      spread(column, column.map((item) => {
        const links = both ? [...item.left, ...item.right] : forward ? item.left : item.right;
        if (!links.length) return item.y;
        return links.reduce((sum, { item: other, mine, other: off }) => sum + other.y + off - mine, 0) / links.length;
      }));
    }
  }
}

/**
 * The heights nearest to those that are wished for, in order and with room between: pools of neighbours that want to be
 * nearer share what is best for them together.
 * @param {Item[]} column
 * @param {number[]} wish
 */
function spread(column, wish) {
  const at = [0];
  for (let k = 1; k < column.length; k++) {
    const [p, q] = [column[k - 1], column[k]];
    const gap = stands(p) && stands(q) ? GAP : NARROW;
    at[k] = at[k - 1] + (p.h + q.h) / 2 + gap;
  }
  /** @type {{sum: number, weight: number, count: number}[]} */
  const pools = [];
  column.forEach((item, k) => {
    const weight = stands(item) ? 1 : 3;
    let pool = { sum: (wish[k] - at[k]) * weight, weight, count: 1 };
    for (let last = pools.at(-1); last && last.sum / last.weight > pool.sum / pool.weight; last = pools.at(-1)) {
      pools.pop();
      pool = { sum: last.sum + pool.sum, weight: last.weight + pool.weight, count: last.count + pool.count };
    }
    pools.push(pool);
  });
  let k = 0;
  for (const { sum, weight, count } of pools) for (const end = k + count; k < end; k++) column[k].y = sum / weight + at[k];
}

/** @param {Item} item */
const stands = (item) => item.box >= 0 || item.level !== null;

/**
 * The corners of a connection in its level.
 * @param {Level} level
 * @param {Connection} connection
 * @returns {Point[]}
 */
function corners(level, { source, from, to, way, over }) {
  const { lefts, rights } = level;
  /** @type {Point[]} */
  const found = [];
  const start = from.level || from.box < 0 ? portOf(from, source, "outOf") : port(from, "right", way[0] ?? to);
  const stop = to.level || to.box < 0 ? portOf(to, source, "into") : port(to, "left", way.at(-1) ?? from);
  const first = from.layer, last = to.layer;
  const isPort = from.box < 0 && !from.level;
  found.push([isPort ? 0 : from.x + from.w / 2, from.y + start], [rights[first], from.y + start]);
  if (over >= 0) {
    const y = (level.group >= 0 ? TITLE : 0) + 4 + over * LANE;
    found.push([rights[first] + CHANNEL / 2, y], [lefts[last] - CHANNEL / 2, y]);
  } else {
    let k = first;
    for (const item of way) found.push([lefts[++k], item.y + item.line], [rights[k], item.y + item.line]);
  }
  found.push([lefts[last], to.y + stop]);
  found.push([to.box < 0 && !to.level ? level.w : to.x - to.w / 2, to.y + stop]);
  return found;
}

/**
 * Where at a side of a box an arrow ends: in the order of where it comes from.
 * @param {Item} item
 * @param {"left" | "right"} side
 * @param {Item} next
 */
function port(item, side, next) {
  const links = [...item[side]].sort((p, q) => p.item.y + p.other - q.item.y - q.other);
  const k = links.findIndex((link) => link.item === next);
  if (k < 0) return 0;
  return (k - (links.length - 1) / 2) * Math.min(PORTS, (item.h - 10) / links.length);
}

/**
 * The least and the largest coordinates of an arrow.
 * @param {Point[]} points
 */
function extent(points) {
  const found = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    found[0] = Math.min(found[0], x);
    found[1] = Math.min(found[1], y - ASIDE);
    found[2] = Math.max(found[2], x);
    found[3] = Math.max(found[3], y + ASIDE);
  }
  return found;
}

/**
 * An arrow forward and backward, made when it is asked for: of a dense part most are never seen.
 * @param {Point[]} points
 */
function curves(points) {
  return { get 0() { return curve(points, 1); }, get 1() { return curve(points, -1); } };
}

/**
 * A spline through the corners, level at each of them, with room for an arrowhead: at its end forward (way 1), at its
 * beginning backward (way −1).
 * @param {Point[]} corners
 * @param {1 | -1} way
 */
function curve(corners, way) {
  const moved = corners.map(([x, y]) => /** @type {Point} */ ([x, y - way * ASIDE]));
  const first = moved[0], last = moved[moved.length - 1];
  const tip = way > 0 ? last : first, at = [...tip];
  tip[0] -= way * HEAD;
  const flat = [...first];
  for (let k = 1; k < moved.length; k++) {
    const [ax, ay] = moved[k - 1], [bx, by] = moved[k];
    const middle = (ax + bx) / 2 + way * ASIDE * Math.sign(by - ay);
    flat.push(middle, ay, middle, by, bx, by);
  }
  const rounded = flat.map((n) => Math.round(n * 10) / 10);
  return [rounded, way > 0 ? 0 : at, way > 0 ? at : 0];
}
