@echo off
rem Sets the critical incident tracker up for you. Double-click it, or drop your workbook on it.
rem setup.cmd /remove takes the timer, the shortcuts and .venv away, and leaves your data.
setlocal
chcp 65001 >nul
cd /d "%~dp0"
set "VENV=%~dp0.venv\Scripts\python.exe"
if /i "%~1"=="/remove" goto remove

set "CODE=2"
set "PYTHON="
for %%v in (3.13 3.12 3.11) do call :find %%v
if not defined PYTHON if not exist "%VENV%" goto nopython
if not exist "%VENV%" %PYTHON% -m venv .venv
if not exist "%VENV%" goto novenv

echo Installing what the program needs; the first time this takes a few minutes ...
"%VENV%" -m pip install --quiet --disable-pip-version-check --require-hashes --progress-bar on -r requirements.txt
if errorlevel 1 goto noinstall
if "%~1"=="" ("%VENV%" -m scripts.set_up) else ("%VENV%" -m scripts.set_up %*)
set "CODE=%ERRORLEVEL%"
goto end

:find
if defined PYTHON exit /b 0
py -%1 -c "" >nul 2>nul
if not errorlevel 1 set "PYTHON=py -%1"
exit /b 0

:remove
set "CODE=0"
if not exist "%VENV%" echo Nothing is set up here.
if not exist "%VENV%" goto end
"%VENV%" -m scripts.set_up --remove
set "CODE=%ERRORLEVEL%"
if not "%CODE%"=="0" goto end
rmdir /s /q .venv
if exist .venv echo The folder .venv could not be deleted, because a program in it is running. Delete it later.
goto end

:nopython
echo Python 3.11, 3.12 or 3.13 is needed and was not found. Install it from https://www.python.org/downloads/windows/
echo (tick "Install for all users" if you may), then double-click setup.cmd again.
goto end

:novenv
echo The folder .venv could not be made here. Copy the program's folder to a place where you may write, and try again.
goto end

:noinstall
echo The packages could not be installed. Check that this computer reaches https://pypi.org, or ask IT; then try again.

:end
if not defined TRACKER_NO_PAUSE pause
exit /b %CODE%
