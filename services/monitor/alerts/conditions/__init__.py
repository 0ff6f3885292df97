"""When a rule of the alerts holds, and until when: pure functions of dossiers, of the register and of the sources."""
