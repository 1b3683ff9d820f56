/** The studio has no service worker. One that another program left at this address would see all that the page asks for. */

/** Removes what there is. Rejects with a sentence for people where this page was loaded through one: then nothing may be asked for. */
export async function refuseForeignWorker(): Promise<void> {
  // Where the address is not of this machine a browser without TLS has none.
  if (!("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  const isWatched = serviceWorker.controller !== null;
  const registrations = await serviceWorker.getRegistrations().catch(() => []);
  await Promise.all(registrations.map((registration) => registration.unregister().catch(() => false)));
  if (isWatched)
    throw new Error(
      "Another program left a service worker at this address, and it saw the address with its token. It is removed from this browser now. End `wardline studio`, start it again, and open the address that it prints then.",
    );
}
