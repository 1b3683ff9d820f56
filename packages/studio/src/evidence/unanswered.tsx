/** What stands where there is nothing to show: why, and one thing to do. */
import { Button } from "react-aria-components";
import { goTo } from "../app/route.ts";

export function Unanswered({ why }: { readonly why: string }) {
  return (
    <div className="unanswered" role="status">
      <p>{why}</p>
      <Button className="button" onPress={() => goTo("policy")}>
        Open the policy
      </Button>
    </div>
  );
}

/** A project without tenants has no policy to look at. */
export const noTenant = "This project has no tenant yet, so there is no policy to look at.";
