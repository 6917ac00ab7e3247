; Newer versions of NSIS have this file. Without it nothing that runs is closed.

!define RmForceShutdown 1

!macro RestartManager_StartSession session
  StrCpy ${session} ""
!macroend

!macro RestartManager_RegisterFile session file
!macroend

!macro RestartManager_EndSession session
!macroend
