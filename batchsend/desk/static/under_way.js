// How a run goes, as the server tells it; at its end the page says what is to be done next.
import { answers, follow } from "/web/parts.js";

let listening;
function listen() {
  const place = document.querySelector("[data-events]");
  if (!place) {
    listening?.close();
    return;
  }
  if (listening) return;
  listening = new EventSource(place.dataset.events);
  // It is asked for again by the browser: what fails twice in a row does not answer.
  let failed = 0;
  listening.onopen = () => {
    failed = 0;
    answers(true);
  };
  listening.onerror = () => answers(++failed < 2);
  listening.onmessage = (event) => {
    const news = JSON.parse(event.data);
    const bar = document.getElementById("bar");
    if (!bar) return;
    bar.max = news.total || 1;
    bar.value = news.done;
    for (const name of ["count", "left", "notice"]) {
      const said = document.getElementById(name);
      if (said.textContent !== news[name]) said.textContent = news[name];
    }
    document.title = news.count;
  };
  listening.addEventListener("end", () => {
    listening.close();
    follow(location.href, "main", { quiet: true });
  });
}
listen();
document.addEventListener("part", listen);
