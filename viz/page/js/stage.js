/**
 * Where the picture lies: it scrolls, is dragged and zoomed, and says so where letters get too small.
 */
import { button, html, write } from "./dom.js";

/** @typedef {import("./picture.js").Picture | import("./circles.js").Circles} Picture */
/** @typedef {import("./words.js").Words} Words */

const LETTERS = 12;
/** Smaller letters, in pixels, are never chosen, and said where a reader chooses them. */
const LEAST = 9;
const LARGEST = 2, MOST = 8;
const NARROW = matchMedia("(max-width: 800px)");

export class Stage {
  /** @param {Words} words */
  constructor(words) {
    /** @type {Picture | null} */
    this.picture = null;
    this.words = words;
    this.scale = 1;
    /** Whether the picture follows the size of the window. */
    this.fitting = true;
    /** How large the window is: to ask for it while a new picture has no places yet costs a layout. */
    this.room = { width: 0, height: 0 };
    this.scroller = html("div", { class: "scroller" });
    this.notice = html("p", { class: "small-notice", role: "status" });
    const buttons = html("div", { class: "zoom" },
      button("+", () => this.zoom(1.25), { "aria-label": words.say("zoomIn"), title: words.say("zoomIn") }),
      button("−", () => this.zoom(0.8), { "aria-label": words.say("zoomOut"), title: words.say("zoomOut") }),
      button("⤢", () => this.fit(), { "aria-label": words.say("zoomFit"), title: words.say("zoomFit") }));
    /** What stands above the picture; other parts of the page join in. */
    this.bar = html("div", { class: "above" }, this.notice, buttons);
    this.element = html("div", { class: "stage" }, this.bar, this.scroller);
    this._listen();
  }

  /** @param {Picture} picture */
  show(picture) {
    this._measure();
    this.picture = picture;
    this.scroller.replaceChildren(picture.element);
    this.fit();
    this.scroller.scrollTop = (picture.height * this.scale - this.room.height) / 2;
  }

  _listen() {
    const { scroller } = this;
    scroller.addEventListener("scroll", () => this.picture?.catchUp(() => this.sight()), { passive: true });
    scroller.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1, event);
    }, { passive: false });
    /** @type {Map<number, PointerEvent>} */
    const fingers = new Map();
    let dragged = false;
    scroller.addEventListener("pointerdown", (event) => {
      fingers.set(event.pointerId, event);
      dragged = false;
    });
    scroller.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      if (fingers.size === 2) {
        const [p, q] = [...fingers.values()];
        const other = p.pointerId === event.pointerId ? q : p;
        const was = Math.hypot(before.clientX - other.clientX, before.clientY - other.clientY);
        const is = Math.hypot(event.clientX - other.clientX, event.clientY - other.clientY);
        if (was > 0) this.zoom(is / was, event);
      } else if (event.pointerType === "mouse" && event.buttons === 1) {
        scroller.scrollLeft -= event.clientX - before.clientX;
        scroller.scrollTop -= event.clientY - before.clientY;
        dragged ||= Math.hypot(event.movementX, event.movementY) > 3;
      }
      fingers.set(event.pointerId, event);
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
      scroller.addEventListener(end, (event) => fingers.delete(/** @type {PointerEvent} */ (event).pointerId));
    }
    scroller.addEventListener("click", (event) => {
      if (dragged) event.stopPropagation();
    }, { capture: true });
    new ResizeObserver(() => {
      this._measure();
      if (this.fitting) this.fit();
    }).observe(scroller);
  }

  _measure() {
    this.room = { width: this.scroller.clientWidth, height: this.scroller.clientHeight };
  }

  /** The part of the picture that is in sight, and a little more, in the picture's units. */
  sight() {
    const { scroller, scale, room } = this;
    const left = scroller.scrollLeft / scale, top = scroller.scrollTop / scale;
    const more = 200;
    return { left: left - more, top: top - more, right: left + room.width / scale + more,
      bottom: top + room.height / scale + more };
  }

  /** As large as there is room for, but never with letters that are too small. */
  fit() {
    if (!this.picture) return;
    const { width, height } = this.room;
    const across = (width - 2) / this.picture.width;
    // Where everything stands below each other, the picture takes the height that it needs.
    const wanted = NARROW.matches ? across : Math.min(across, (height - 2) / this.picture.height);
    this.fitting = true;
    this._show(Math.max(LEAST / LETTERS, Math.min(wanted, LARGEST)));
  }

  /**
   * @param {number} factor
   * @param {{clientX: number, clientY: number}} [at] what stays where it is; otherwise the middle
   */
  zoom(factor, at) {
    const { scroller } = this;
    const frame = scroller.getBoundingClientRect();
    const [x, y] = at ? [at.clientX - frame.left, at.clientY - frame.top]
      : [scroller.clientWidth / 2, scroller.clientHeight / 2];
    const before = this.scale;
    const [px, py] = [(scroller.scrollLeft + x) / before, (scroller.scrollTop + y) / before];
    this.fitting = false;
    this._show(Math.min(MOST, Math.max(0.05, before * factor)));
    scroller.scrollLeft = px * this.scale - x;
    scroller.scrollTop = py * this.scale - y;
  }

  /** @param {number} scale */
  _show(scale) {
    if (!this.picture) return;
    this.scale = scale;
    const { element } = this.picture;
    element.setAttribute("width", (this.picture.width * scale).toFixed(1));
    element.setAttribute("height", (this.picture.height * scale).toFixed(1));
    const letters = LETTERS * scale;
    write(this.notice, letters < LEAST - 0.01 ? this.words.say("small", letters.toFixed(1)) : "");
    this.picture.catchUp(() => this.sight());
  }

  /**
   * Bring a box into sight.
   * @param {number} i
   */
  reveal(i) {
    if (!this.picture) return;
    const [x, y, w, h] = this.picture.view.picture.boxes[i], { scroller, scale } = this;
    const margin = 24;
    const left = (x - w / 2) * scale, top = (y - h / 2) * scale;
    const right = (x + w / 2) * scale + margin, bottom = (y + h / 2) * scale + margin;
    if (left < scroller.scrollLeft || right > scroller.scrollLeft + scroller.clientWidth) {
      scroller.scrollLeft = (left + right - scroller.clientWidth) / 2;
    }
    if (top < scroller.scrollTop || bottom > scroller.scrollTop + scroller.clientHeight) {
      scroller.scrollTop = (top + bottom - scroller.clientHeight) / 2;
    }
  }
}
