; What Tauri's own plugin does, for where it cannot be had: in the words of NSIS, and only as far as the template asks.

!include LogicLib.nsh
!include WordFunc.nsh

!macro TAURI_StrReplace text old new
  Push "${text}"
!macroend

!macro TAURI_SemverCompare one other
  Push $R9
  ${VersionCompare} "${one}" "${other}" $R9
  ${IfThen} $R9 = 2 ${|} StrCpy $R9 -1 ${|}
  Exch $R9
!macroend

!macro TAURI_RunAsUser program arguments
  Exec '"${program}" ${arguments}'
!macroend
