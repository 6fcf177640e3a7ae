// Builds the desk's one file of ProseMirror, and the licences that go with it.
//
//     npm ci --ignore-scripts && npm run build
//
// Everything is pinned in package.json and package-lock.json; the same versions make the same bytes.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../../batchsend/desk/static/vendor");
const modules = join(here, "node_modules");
const lock = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8")).packages;
const shipped = Object.entries(lock)
  .filter(([path, each]) => path && !each.dev)
  .map(([path, each]) => ({ name: path.replace("node_modules/", ""), version: each.version }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

const banner = `/*! ${shipped.map((each) => `${each.name} ${each.version}`).join(", ")}; MIT, see prosemirror.LICENSE.txt */`;
const esbuild = join(modules, "@esbuild", `${platform()}-${arch()}`, "bin/esbuild");
execFileSync(
  esbuild,
  ["entry.js", "--bundle", "--format=esm", "--minify", "--target=es2021", "--charset=utf8",
    "--legal-comments=none", `--banner:js=${banner}`, `--outfile=${join(target, "prosemirror.js")}`],
  { cwd: here, stdio: "inherit" },
);

const licences = shipped.map(({ name, version }) => {
  const file = readdirSync(join(modules, name)).find((each) => /^licen[cs]e/i.test(each));
  if (!file || !existsSync(join(modules, name, file))) throw new Error(`${name} has no licence`);
  return `${name} ${version}\n\n${readFileSync(join(modules, name, file), "utf8").trim()}\n`;
});
writeFileSync(join(target, "prosemirror.LICENSE.txt"), licences.join(`\n${"-".repeat(72)}\n\n`));
