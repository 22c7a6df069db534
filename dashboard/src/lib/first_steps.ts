// Whether somebody has seen the first steps since the browser was opened: nobody is led there
// twice who has come back.
const SEEN = "first steps seen";

export function haveSeenFirstSteps(): boolean {
  try {
    return sessionStorage.getItem(SEEN) !== null;
  } catch {
    return true; // It could not be remembered, and leading there again and again would be worse.
  }
}

export function noteFirstStepsSeen(): void {
  try {
    sessionStorage.setItem(SEEN, "yes");
  } catch {
    // Then they count as seen already.
  }
}
