import type { Contract, Role, SupportChannel } from './contract.ts';
import type { OdcsContract } from './odcs-contract.ts';

/** Who answers for a table, who may read it, and where to ask. */
export const peopleOf = ({
  team,
  roles = [],
  support,
}: OdcsContract): Pick<Contract, 'owner' | 'roles' | 'support'> => ({
  owner: team.members.find(({ role }) => role === 'owner')?.username ?? '',
  roles: roles.map(roleOf),
  support: support.map(({ channel, scope, tool, url }): SupportChannel => ({ channel, scope, tool, url })),
});

const roleOf = ({
  role,
  access,
  customProperties,
  ...approvers
}: NonNullable<OdcsContract['roles']>[number]): Role => ({
  role,
  access,
  ...customProperties,
  approvers: [approvers.firstLevelApprovers, approvers.secondLevelApprovers].filter((each) => each !== undefined),
});
