; What Tauri's installer for Windows leaves to an app.
;
; Tauri itself copies the programs, makes the shortcut in the start menu and the entry in the list of installed apps,
; registers the scheme of links in HKCU with its command in quotes, closes an app that runs, and undoes all of that.
;
; Uninstalling keeps what Doorkey keeps, unless the person ticks "Delete the application data", or whoever runs the
; uninstaller without its window says so: uninstall.exe /S /PURGE

!define DOORKEY_APP "${MAINBINARYNAME}.exe"
!define DOORKEY_COMMAND "doorkey.exe"
; Programs that Windows writes no crash report of.
!define DOORKEY_UNREPORTED "Software\Microsoft\Windows\Windows Error Reporting\ExcludedApplications"
; Where the task manager remembers which programs it lets start at login.
!define DOORKEY_APPROVED "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"

; Programs that start from now on see the new search path.
!macro DOORKEY_TELL_SEARCH_PATH
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=5000
!macroend

!macro NSIS_HOOK_PREINSTALL
  ; A program that runs cannot be replaced. Tauri sees to the app alone.
  !insertmacro CheckIfAppIsRunning "$INSTDIR\${DOORKEY_COMMAND}" "${DOORKEY_COMMAND}"
!macroend

!macro NSIS_HOOK_POSTINSTALL
  ; A crash report holds memory, and memory holds tokens.
  WriteRegDWORD HKCU "${DOORKEY_UNREPORTED}" "${DOORKEY_APP}" 1
  WriteRegDWORD HKCU "${DOORKEY_UNREPORTED}" "${DOORKEY_COMMAND}" 1

  ; Not by this script: its strings end after 1,024 characters, and a longer search path would be cut off.
  nsExec::Exec '"$INSTDIR\${DOORKEY_COMMAND}" search-path add'
  Pop $0
  ${If} $0 == 0
    !insertmacro DOORKEY_TELL_SEARCH_PATH
  ${Else}
    DetailPrint "The search path stays as it is: name doorkey by its whole path."
  ${EndIf}
!macroend

!macro NSIS_HOOK_PREUNINSTALL
  !insertmacro CheckIfAppIsRunning "$INSTDIR\${DOORKEY_COMMAND}" "${DOORKEY_COMMAND}"

  ; An update takes the programs away and puts new ones in their place: all else stays.
  ${If} $UpdateMode <> 1
    ClearErrors
    ${GetOptions} $CMDLINE "/PURGE" $0
    ${IfNot} ${Errors}
      StrCpy $DeleteAppDataCheckboxState 1
    ${EndIf}

    ${If} $DeleteAppDataCheckboxState = 1
      ; An app that runs would write some of it again.
      !insertmacro CheckIfAppIsRunning "$INSTDIR\${DOORKEY_APP}" "${PRODUCTNAME}"
      nsExec::Exec '"$INSTDIR\${DOORKEY_COMMAND}" reset --yes'
      Pop $0
      ${If} $0 != 0
        MessageBox MB_OKCANCEL|MB_ICONEXCLAMATION "Not everything that Doorkey keeps could be removed. Press Cancel, and run `doorkey reset` in a terminal to see why." /SD IDOK IDOK doorkey_go_on
        Abort
        doorkey_go_on:
      ${EndIf}
    ${EndIf}

    nsExec::Exec '"$INSTDIR\${DOORKEY_COMMAND}" search-path remove'
    Pop $0
    !insertmacro DOORKEY_TELL_SEARCH_PATH
  ${EndIf}
!macroend

!macro NSIS_HOOK_POSTUNINSTALL
  ${If} $UpdateMode <> 1
    DeleteRegValue HKCU "${DOORKEY_APPROVED}" "${PRODUCTNAME}"
    DeleteRegValue HKCU "${DOORKEY_UNREPORTED}" "${DOORKEY_APP}"
    DeleteRegValue HKCU "${DOORKEY_UNREPORTED}" "${DOORKEY_COMMAND}"
  ${EndIf}
!macroend
