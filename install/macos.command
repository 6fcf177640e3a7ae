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

mkdir -p "$HOME/batchsend" "$HOME/Desktop"
starter="$HOME/Desktop/batchsend.command"
cat >"$starter" <<END
#!/bin/sh
cd "$HOME/batchsend" && exec "$batchsend" desk
END
chmod +x "$starter"
echo "batchsend is installed. Start its desk from the desktop; mailings lie in $HOME/batchsend."
