// A reader whose browser prefers another language of ours is offered it by the switcher's own link, and led nowhere.
const here = document.documentElement.lang;
const spoken = (navigator.languages ?? [navigator.language]).map((each) => each.toLowerCase().split("-")[0].replace("iw", "he"));
const links = [...document.querySelectorAll(".langs a[data-offer]")];
const wanted = spoken.find((each) => each === here || links.some((link) => link.lang === each));
const link = wanted === here ? undefined : links.find((each) => each.lang === wanted);
if (link) {
  link.textContent = link.dataset.offer;
  link.classList.add("langs__offer");
}
