const all = () => [...document.querySelectorAll("details.list")];
const open = document.getElementById("open");
const spoken = () => { document.documentElement.lang = document.getElementById("en").checked ? "en" : "zh-Hans"; };
document.querySelectorAll("input[name=language]").forEach(one => one.addEventListener("change", spoken));
if (location.hash === "#en") { document.getElementById("en").checked = true; }
spoken();
open.hidden = false;
open.addEventListener("click", () => { const shut = all().some(one => !one.open); all().forEach(one => { one.open = shut; }); });
const reveal = () => { const at = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1))); const inside = at && at.closest("details"); if (inside) { inside.open = true; inside.scrollIntoView(); } };
addEventListener("hashchange", reveal);
reveal();
