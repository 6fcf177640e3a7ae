// Files that are dropped or chosen: sent as they are, with how far that has come.

const TOKEN = document.querySelector('meta[name="token"]')?.content ?? "";

function prepare(place) {
  if (place.dataset.ready) return;
  place.dataset.ready = "yes";
  const chosen = place.querySelector("input[type=file]");
  place.addEventListener("dragover", (event) => {
    event.preventDefault();
    place.classList.add("over");
  });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("over");
    if (event.dataTransfer.files.length) send(place, event.dataTransfer.files[0]);
  });
  chosen.addEventListener("change", () => {
    if (chosen.files.length) send(place, chosen.files[0]);
  });
}

function send(place, file) {
  const bar = place.querySelector("progress");
  const said = place.querySelector("[role=status]");
  const wrong = place.querySelector("[role=alert]");
  wrong.textContent = "";
  if (file.size > Number(place.dataset.most)) {
    wrong.textContent = place.dataset.tooLarge;
    return;
  }
  said.textContent = place.dataset.reading;
  bar.hidden = false;
  const asked = new XMLHttpRequest();
  asked.open("POST", place.dataset.to);
  asked.setRequestHeader("x-batchsend-token", TOKEN);
  asked.setRequestHeader("x-batchsend-name", encodeURIComponent(file.name));
  asked.setRequestHeader("content-type", "application/octet-stream");
  asked.responseType = "json";
  asked.upload.onprogress = (event) => {
    bar.max = event.total || 1;
    bar.value = event.loaded;
  };
  asked.onload = () => {
    const answer = asked.response ?? {};
    if (answer.go) {
      location.assign(answer.go);
      return;
    }
    bar.hidden = true;
    said.textContent = "";
    wrong.textContent = answer.said ?? place.dataset.failed;
  };
  asked.onerror = () => {
    bar.hidden = true;
    said.textContent = "";
    wrong.textContent = place.dataset.failed;
  };
  asked.send(file);
}

document.querySelectorAll("[data-to]").forEach(prepare);
document.addEventListener("part", () => document.querySelectorAll("[data-to]").forEach(prepare));
// A file that misses its place must not take the page away.
for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());
