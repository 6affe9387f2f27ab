// Numbers as people read them. No physiology here: conversions use numbers that the server sent.

const THIN = "\u2009";
export const MINUS = "\u2212";

/** Three significant digits, thousands apart, a true minus. */
export function plain(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "not known";
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(value)));
  if (size < -4) return value.toExponential(digits - 1).replace("-", MINUS);
  const places = Math.max(0, digits - 1 - size);
  const rounded = Number(value.toFixed(Math.min(places, 8)));
  const [whole, part] = Math.abs(rounded).toFixed(Math.min(places, 8)).split(".");
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, THIN) : whole;
  const tail = part ? part.replace(/0+$/, "") : "";
  return `${rounded < 0 ? MINUS : ""}${grouped}${tail ? `.${tail}` : ""}`;
}

/** A change with its sign. */
export function signed(value, digits = 3) {
  return value > 0 ? `+${plain(value, digits)}` : plain(value, digits);
}

/** "2.1 (1.4 to 3.0)" from a statistic with median, p5 and p95. */
export function interval(statistic, write = plain) {
  if (!statistic || statistic.median === null || statistic.median === undefined) return "not known";
  const middle = write(statistic.median);
  if (statistic.p5 === null || statistic.p5 === undefined || statistic.p5 === statistic.p95) return middle;
  return `${middle} (${write(statistic.p5)} to ${write(statistic.p95)})`;
}

/** A unit as words. */
export function unitWords(unit) {
  return { "mmol/d": "mmol per day", "mg/d": "mg per day", 1: "", "%": "%" }[unit] ?? unit;
}

/** First letter large. */
export function sentence(text) {
  return text ? text[0].toUpperCase() + text.slice(1) : "";
}

/** Words instead of an id. */
export function words(id) {
  return String(id ?? "").replaceAll("_", " ");
}

export function seconds(value) {
  if (!Number.isFinite(value)) return "time left not known yet";
  if (value < 60) return `about ${Math.max(1, Math.round(value))} s left`;
  return `about ${Math.round(value / 60)} min left`;
}
