# Installs batchsend for the user who runs this, and puts a starter for its desk on the desktop.
# Needs no administrator. Run it again to bring batchsend up to date.
# Plain ASCII, for Windows PowerShell 5.1 reads a script without a byte order mark as ANSI.
$ErrorActionPreference = 'Stop'

# The window that "Run with PowerShell" opens closes with the script: it waits to be read.
$given = [Environment]::GetCommandLineArgs()
$waits = $given -contains '-Command' -and $given -notcontains '-NonInteractive'
function Wait-ForReader { if ($waits) { Read-Host 'Press Enter to close this window' | Out-Null } }
trap { Write-Host "$_" -ForegroundColor Red; Wait-ForReader; exit 1 }

$programs = Join-Path $env:USERPROFILE '.local\bin'
$env:Path = "$programs;$env:Path"
if (-not (Get-Command uv -ErrorAction SilentlyContinue)) {
    # Older versions of .NET offer no TLS 1.2 by themselves.
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
    $installer = Join-Path ([IO.Path]::GetTempPath()) "install-uv-$PID.ps1"
    Invoke-WebRequest -UseBasicParsing -Uri https://astral.sh/uv/install.ps1 -OutFile $installer
    $env:UV_INSTALL_DIR = $programs
    # A process of its own: it may end with exit, which would end this script as well.
    powershell -NoProfile -ExecutionPolicy Bypass -File $installer
    $failed = $LASTEXITCODE -ne 0
    Remove-Item -LiteralPath $installer
    if ($failed) { throw 'uv was not installed; what is printed above says why.' }
}

# Where the command goes is said and not asked: what uv prints is UTF-8, which PowerShell would read
# in another code page: a user whose name has other letters than A to Z would get a starter of nothing.
if (-not $env:UV_TOOL_BIN_DIR) { $env:UV_TOOL_BIN_DIR = $programs }
uv tool install --upgrade batchsend-letters
if ($LASTEXITCODE -ne 0) { throw 'batchsend was not installed; what uv printed above says why.' }
$batchsend = Join-Path $env:UV_TOOL_BIN_DIR 'batchsend.exe'
if (-not (Test-Path -LiteralPath $batchsend)) { throw "batchsend was not installed: $batchsend is not there." }

$mailings = Join-Path $env:USERPROFILE 'batchsend'
New-Item -ItemType Directory -Force -Path $mailings | Out-Null
$starter = Join-Path ([Environment]::GetFolderPath('Desktop')) 'batchsend.lnk'
$link = (New-Object -ComObject WScript.Shell).CreateShortcut($starter)
$link.TargetPath = $batchsend
$link.Arguments = 'desk'
$link.WorkingDirectory = $mailings
$link.Description = 'Send a mailing of letters from a spreadsheet'
$link.Save()
Write-Host "batchsend is installed. Start its desk from the desktop; mailings lie in $mailings."
Wait-ForReader
