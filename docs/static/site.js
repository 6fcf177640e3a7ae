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
