#!/bin/sh
# Installs batchsend for the user who runs this, and puts a starter for its desk on the desktop.
# Needs no administrator. Run it again to bring batchsend up to date.
set -eu
PATH="$HOME/.local/bin:$PATH"
if ! command -v uv >/dev/null 2>&1; then
  script=$(mktemp)
  trap 'rm -f "$script"' EXIT
  curl --fail --silent --show-error --location --output "$script" https://astral.sh/uv/install.sh
  UV_INSTALL_DIR="$HOME/.local/bin" sh "$script"
fi
uv tool install --upgrade batchsend-letters
batchsend="$(uv tool dir --bin)/batchsend"
[ -x "$batchsend" ] || { echo "batchsend was not installed: $batchsend is not there." >&2; exit 1; }

mailings="$HOME/batchsend"
mkdir -p "$mailings"
applications="${XDG_DATA_HOME:-$HOME/.local/share}/applications"
mkdir -p "$applications"
starter="$applications/batchsend-desk.desktop"
cat >"$starter" <<END
[Desktop Entry]
Type=Application
Name=batchsend
Comment=Send a mailing of letters from a spreadsheet
Exec="$batchsend" desk
Path=$mailings
Terminal=true
Categories=Office;
END
desktop=$(xdg-user-dir DESKTOP 2>/dev/null || echo "$HOME/Desktop")
if [ -d "$desktop" ] && [ "$desktop" != "$HOME" ]; then
  cp "$starter" "$desktop/batchsend-desk.desktop"
  chmod +x "$desktop/batchsend-desk.desktop"
fi
echo "batchsend is installed. Its desk is among the applications; mailings lie in $mailings."
