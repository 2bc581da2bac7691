// Tells the page around this frame which practice card is chosen, and how tall the frame should be.
const cards = document.getElementById("cards");

function tell(type, more) {
  parent.postMessage({ practice: true, type, ...more }, "*");
}

function chosen() {
  return { card: cards.querySelector("input:checked")?.value ?? "" };
}

cards.addEventListener("change", () => tell("change", chosen()));
addEventListener("message", (event) => {
  if (event.source === parent && event.data.type === "which") tell("chosen", chosen());
});
new ResizeObserver(() => tell("height", { height: document.documentElement.offsetHeight })).observe(cards);
// What was chosen while this script was on its way counts too.
if (chosen().card) tell("change", chosen());
tell("ready", { height: document.documentElement.offsetHeight });
