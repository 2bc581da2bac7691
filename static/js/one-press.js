// Sends the form once, however often its button is pressed; coming back to the page makes it ready again.
const form = document.getElementById("give");
const button = document.getElementById("go");
const PATIENCE = 15000;
let sent = false;

function ready() {
  sent = false;
  button.removeAttribute("aria-disabled");
}

form.addEventListener("submit", (event) => {
  if (sent) {
    event.preventDefault();
    return;
  }
  sent = true;
  button.setAttribute("aria-disabled", "true");
  // A lost connection must not leave a dead button; the server makes two presses one gift anyway.
  setTimeout(ready, PATIENCE);
});
addEventListener("pageshow", ready);
