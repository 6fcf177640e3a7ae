// What the theme leaves out for people who use a keyboard or a screen reader.

document.querySelectorAll(".caption[role=heading]").forEach((caption) => {
  caption.setAttribute("aria-level", "2");
});
document.querySelector(".sidebar-drawer")?.setAttribute("aria-label", "All pages");
document.querySelector(".toc-drawer")?.setAttribute("aria-label", "On this page");

// Code and tables that are wider than the page can be scrolled with the arrow keys.
function letKeysScroll() {
  document.querySelectorAll("pre, .table-wrapper").forEach((box) => {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  });
}
letKeysScroll();
addEventListener("resize", letKeysScroll);

// Tables of sentences are read row by row on a telephone (site.css). No heading stands above a cell then.
document.querySelectorAll("table.docutils").forEach((table) => {
  const headings = [...table.querySelectorAll("thead th")].map((heading) => heading.textContent.trim());
  const cells = [...table.querySelectorAll("tbody td")];
  if (cells.every((cell) => cell.textContent.length <= 40)) return;
  table.classList.add("explains");
  cells.forEach((cell) => {
    cell.classList.toggle("blank", cell.textContent.trim() === "");
    if (cell.cellIndex > 0 && headings.length > 2) cell.dataset.heading = headings[cell.cellIndex];
  });
});

// A picture that the page shows smaller than it is opens by itself, at its own size.
document.querySelectorAll("article img").forEach((picture) => {
  const link = document.createElement("a");
  link.href = picture.src;
  picture.replaceWith(link);
  link.append(picture);
});
