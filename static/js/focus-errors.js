// Puts the focus on what there is to put right, so that a screen reader begins there.
const errors = document.getElementById("errors");
if (errors) errors.focus();
