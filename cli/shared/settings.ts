import { GetParametersByPathCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { OperationError } from './errors.ts';

/** What is deployed in an environment and where: the parameters under `/sluice/<env>/`. */
export class Settings {
  private constructor(
    private readonly env: string,
    private readonly values: ReadonlyMap<string, string>,
  ) {}

  static async load(client: SSMClient, env: string): Promise<Settings> {
    const root = `/sluice/${env}/`;
    const values = new Map<string, string>();
    let next: string | undefined;
    do {
      const page = await client.send(
        new GetParametersByPathCommand({ Path: root, Recursive: true, ...(next ? { NextToken: next } : {}) }),
      );
      for (const { Name = '', Value = '' } of page.Parameters ?? []) values.set(Name.slice(root.length), Value);
      next = page.NextToken;
    } while (next);
    return new Settings(env, values);
  }

  get isEmpty(): boolean {
    return this.values.size === 0;
  }

  find(path: string): string | undefined {
    return this.values.get(path);
  }

  /** A setting by its path, such as `ledger/table`. */
  get(path: string): string {
    const value = this.find(path);
    if (value !== undefined) return value;
    throw new OperationError(
      `'${path}' is not deployed in environment '${this.env}' (no parameter /sluice/${this.env}/${path}); run \`sluice deploy --env ${this.env}\``,
    );
  }
}
