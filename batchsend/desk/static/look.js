// The arrow keys turn to the letter before and after.
document.addEventListener("keydown", (event) => {
  if (event.target.matches?.("input, textarea, select") || event.altKey || event.ctrlKey || event.metaKey) return;
  const name = { ArrowLeft: "before", ArrowRight: "after" }[event.key];
  const link = name && document.getElementById(name);
  if (!link) return;
  event.preventDefault();
  link.click();
});
