/** What a user may be. */
export type Role = 'user' | 'manager' | 'admin';

/** What somebody may be allowed to do. */
export type Permission = 'profile:read' | 'profile:write' | 'roles:read' | 'roles:write';

const permissions: Readonly<Record<Role, readonly Permission[]>> = {
  user: ['profile:read', 'profile:write'],
  manager: ['profile:read', 'profile:write', 'roles:read'],
  admin: ['profile:read', 'profile:write', 'roles:read', 'roles:write'],
};

/** Everything that a role may do. */
export function permissionsOf(role: Role): readonly Permission[] {
  return permissions[role];
}
