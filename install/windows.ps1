# Installs batchsend for the user who runs this, and puts a starter for its desk on the desktop.
# Needs no administrator. Run it again to bring batchsend up to date.
$ErrorActionPreference = 'Stop'
$env:Path = "$env:USERPROFILE\.local\bin;$env:Path"
if (-not (Get-Command uv -ErrorAction SilentlyContinue)) {
    Invoke-RestMethod https://astral.sh/uv/install.ps1 | Invoke-Expression
}
uv tool install --upgrade batchsend-letters
if ($LASTEXITCODE -ne 0) { throw 'batchsend was not installed; what uv printed above says why.' }
$batchsend = Join-Path (uv tool dir --bin) 'batchsend.exe'

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
