/**
 * Judging a typed answer: right within its own rounding, or wrong in a way that has a name.
 */
import { read } from "./formatting.js";

/** @typedef {{number: number, name: string}} Part */
/** @typedef {{kind: "right"} | {kind: "unread"} | {kind: "sign"} | {kind: "factor", name: string}
 *   | {kind: "sum", name: string} | {kind: "local", name: string} | {kind: "wrong"}} Verdict */

/** So coarse an answer is still taken, relatively. */
const COARSEST = 0.02;

/**
 * Whether `typed` is what `truth` rounds to, with the digits that were typed.
 * @param {string} typed
 * @param {number} truth
 */
export function close(typed, truth) {
  const answer = read(typed);
  if (Number.isNaN(truth)) return /^nan$/i.test(typed.trim());
  if (Number.isNaN(answer)) return false;
  if (answer === truth) return true;
  if (!Number.isFinite(truth) || !Number.isFinite(answer)) return false;
  const [mantissa, exponent = "0"] = typed.trim().toLowerCase().replace(",", ".").split("e");
  const decimals = (mantissa.split(".")[1] ?? "").length - Number(exponent.replace("−", "-"));
  const error = Math.abs(answer - truth);
  const rounding = 0.5 * 10 ** -decimals * (1 + 1e-9);
  return error <= rounding && error <= COARSEST * Math.abs(truth);
}

/**
 * @param {string} typed
 * @param {number} truth
 * @param {{before?: Part, upstream?: Part, local?: Part}} parts what the truth is made of: before + upstream · local
 * @returns {Verdict}
 */
export function judge(typed, truth, parts = {}) {
  if (close(typed, truth)) return { kind: "right" };
  if (Number.isNaN(read(typed))) return { kind: "unread" };
  const { before, upstream, local } = parts;
  if (truth !== 0 && close(typed, -truth)) return { kind: "sign" };
  if (upstream && local) {
    const term = upstream.number * local.number;
    if (before && before.number !== 0 && close(typed, term)) return { kind: "sum", name: before.name };
    const earlier = before?.number ?? 0;
    for (const start of before ? [earlier, 0] : [0]) {
      if (local.number !== 1 && close(typed, start + upstream.number)) return { kind: "factor", name: local.name };
      if (upstream.number !== 1 && close(typed, start + local.number)) return { kind: "factor", name: upstream.name };
    }
    if (before && close(typed, earlier)) return { kind: "local", name: `${upstream.name} · ${local.name}` };
  }
  return { kind: "wrong" };
}
