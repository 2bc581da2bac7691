// Writes a typed amount into the sums, the button and the authorisation. Presets need no script: CSS shows theirs.
// All arithmetic is on whole minor units, and only amounts that can be read in one way are read at all.
const form = document.getElementById("give");
const typed = document.getElementById("other");
const shownTotal = document.getElementById("shown-total");
const slots = [...form.querySelectorAll("[data-typed]")].map((node) => ({ node, words: node.textContent }));
const named = form.querySelector("[data-named]");
const number = (name) => Number(form.dataset[name]);
const places = number("decimals");
const mirrored = document.documentElement.dir === "rtl";

function western(text) {
  return text
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
    .replace(/\u066b/g, ".");
}

// Gives minor units, or null where the server might read it otherwise or refuse it.
function minorUnits(text) {
  let plain = western(text).trim();
  for (const mark of [form.dataset.sign.trim(), form.dataset.currency]) {
    if (plain.startsWith(mark)) plain = plain.slice(mark.length).trim();
  }
  const parts = /^(\d{1,9})(?:[.,](\d{1,3}))?$/.exec(plain);
  if (!parts) return null;
  const rest = parts[2] ?? "";
  const threeAfterComma = rest.length === 3 && plain.includes(",");
  if (rest.length > places || threeAfterComma) return null;
  const minor = Number(parts[1]) * 10 ** places + Number(rest.padEnd(places, "0") || "0");
  const chargeable = minor >= number("least") && minor <= number("most") && minor % number("step") === 0;
  return chargeable ? minor : null;
}

function feeOn(minor) {
  const charged = Math.ceil(((minor + number("fixed")) * 10000) / number("keeps"));
  const step = number("step");
  return Math.ceil(charged / step) * step - minor;
}

function plain(minor) {
  const digits = String(minor).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  return places ? `${whole}.${digits.slice(-places)}` : whole;
}

function shown(minor, short = false) {
  let text = plain(minor);
  if (short && places && Number(text.split(".")[1]) === 0) text = text.split(".")[0];
  return form.dataset.sign + text.replace(/\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));
}

function sum(text) {
  const node = document.createElement("bdi");
  if (mirrored) node.className = "ltr";
  node.textContent = text;
  return node;
}

function sentence(pattern, values) {
  return pattern.split(/(\{\w+\})/).map((part) => (part in values ? sum(values[part]) : part));
}

// How often the ticked frequency gives in a year.
function yearly() {
  return form.elements.frequency.value === "month" ? 12 : 1;
}

function write() {
  const gift = minorUnits(typed.value);
  const fee = gift === null ? 0 : feeOn(gift);
  const total = form.elements.cover_fee.checked ? gift + fee : gift;
  const known = gift !== null && total <= number("most");
  for (const { node, words } of slots) {
    if (!known) node.textContent = words;
    else if (node.dataset.typed === "adds") {
      node.replaceChildren(...sentence(node.dataset.sentence, { "{fee}": shown(fee), "{gift}": shown(gift, true) }));
    } else node.replaceChildren(sum(shown({ gift, fee, total: gift + fee }[node.dataset.typed])));
  }
  if (named) named.hidden = !known || gift * yearly() < Number(named.dataset.named);
  shownTotal.value = known ? plain(total) : "";
}

form.addEventListener("input", write);
form.addEventListener("submit", write);
addEventListener("pageshow", write);
write();
