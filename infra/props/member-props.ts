/** Accounts whose secrets are watched too, and in which regions. */
export interface MemberGroup {
  /**
   * Ids of accounts. That of the monitor itself may be among them: then its other regions are watched.
   *
   * @default - none
   */
  readonly accounts?: readonly string[];
  /**
   * Ids of organizational units, or of a root: the accounts in them and in the units inside them.
   *
   * @default - none
   */
  readonly organizationalUnits?: readonly string[];
  /** Names of regions. */
  readonly regions: readonly string[];
}

/** The other accounts and regions that a monitor watches, and its way into them. */
export interface MemberProps {
  /**
   * The other accounts and regions. Each needs a `RotationMonitorMember`. Their list has to fit into the 4 KB of
   * an environment, which some fifty accounts do; whoever has more names organizational units.
   *
   * @default - the account and region of the monitor alone
   */
  readonly members?: readonly MemberGroup[];
  /**
   * Name of the role that the monitor assumes in other accounts.
   *
   * @default 'secret-rotation-monitor-member'
   */
  readonly memberRoleName?: string;
  /**
   * The external id that the trust policies of these roles ask for; needed where there are members.
   *
   * @default - none
   */
  readonly memberExternalId?: string;
  /**
   * Id of the organization that the members belong to; needed where organizational units or more than
   * eighty accounts are named.
   *
   * @default - roles are assumed in, and events taken from, the accounts that are named
   */
  readonly organizationId?: string;
}
