// Tells the page around this frame which practice card is chosen, and how tall the frame should be.
const cards = document.getElementById("cards");

function tell(type, more) {
  parent.postMessage({ practice: true, type, ...more }, "*");
}

cards.addEventListener("change", (event) => tell("change", { card: event.target.value }));
new ResizeObserver(() => tell("height", { height: document.documentElement.offsetHeight })).observe(cards);
// What was chosen while this script was on its way counts too.
const chosen = cards.querySelector("input:checked");
if (chosen) tell("change", { card: chosen.value });
tell("ready", { height: document.documentElement.offsetHeight });
