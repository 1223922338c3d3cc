import type { CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Lake Formation loses or refuses changes made at the same time: each resource waits for the one before. */
export class OneByOne {
  private last: CfnResource | undefined;

  /** @param after what must stand before the first one does */
  constructor(private readonly after?: Construct) {}

  next<R extends CfnResource>(resource: R): R {
    if (this.last) resource.addResourceDependency(this.last);
    else if (this.after) resource.node.addDependency(this.after);
    this.last = resource;
    return resource;
  }
}
