import type { Verdicts } from './change.ts';

interface Rule extends Verdicts {
  /** Why the verdicts are what they are. */
  readonly reason: string;
  /** How to get the same with less harm, or what to do first. */
  readonly fix: string;
}

type Row = readonly [
  readers: Verdicts['readers'],
  writers: Verdicts['writers'],
  trust: Verdicts['trust'],
  reason: string,
  fix: string,
];

const SERVE_BOTH = 'raise the major version and serve the old one beside it for the migration window';
const ASK_WRITERS = 'agree on a date with those who write; add it as optional first, require it when all send it';
const ASK_APPROVER = 'have it approved by whoever answers for the data, in a decision record';
const NOTHING = 'nothing to do';
const TELL_READERS = 'tell the readers';

/** Every kind of change there is, and what it means to whom. The order is that of docs/compatibility.md. */
const TABLE = {
  tableDropped: [
    'break',
    'review',
    'none',
    'whoever reads it finds nothing',
    'announce its endOfLife among the slaProperties, and take it away after that day',
  ],
  tableRenamed: ['break', 'review', 'none', 'whoever reads by the old name finds nothing', SERVE_BOTH],
  columnDropped: ['break', 'review', 'none', 'queries that name the column fail', SERVE_BOTH],
  columnRenamed: ['break', 'review', 'none', 'queries that name the column by its old name fail', SERVE_BOTH],
  typeNarrowed: ['break', 'review', 'none', 'values that fitted no longer do', SERVE_BOTH],
  typeReplaced: ['break', 'break', 'none', 'readers and writers handle values of another type', SERVE_BOTH],
  typeWidened: ['review', 'safe', 'none', 'values may come that the readers cannot hold', TELL_READERS],
  keyChanged: ['break', 'review', 'none', 'joins and counts by the old key come out wrong, silently', SERVE_BOTH],
  grainChanged: [
    'break',
    'review',
    'none',
    'a row is something else, so counts and sums mean something else',
    SERVE_BOTH,
  ],
  unitChanged: [
    'break',
    'review',
    'none',
    'the same number means something else',
    'use a new column, with the unit in its name',
  ],
  optionalColumnAdded: ['safe', 'safe', 'none', 'readers do not know it, writers may leave it out', NOTHING],
  requiredColumnAdded: ['safe', 'break', 'none', 'rows without the column are refused', ASK_WRITERS],
  becameOptional: ['break', 'safe', 'none', 'nulls appear where there were none', SERVE_BOTH],
  becameRequired: ['safe', 'break', 'none', 'rows without a value are refused', ASK_WRITERS],
  valuesTightened: [
    'safe',
    'break',
    'none',
    'values that were accepted are refused',
    'warn first (onFailure: warn), refuse when nobody breaks it any more',
  ],
  valuesWidened: ['review', 'safe', 'none', 'values may come that readers have never seen', TELL_READERS],
  valuesReplaced: [
    'review',
    'break',
    'none',
    'some values are newly accepted and others newly refused',
    'warn first (onFailure: warn), and tell the readers',
  ],
  uniquenessAdded: [
    'safe',
    'break',
    'none',
    'repeated values are refused',
    'warn first (onFailure: warn), refuse when nothing repeats any more',
  ],
  uniquenessDropped: ['break', 'safe', 'review', 'values may repeat, so joins on them multiply rows', SERVE_BOTH],
  standardiserChanged: ['review', 'safe', 'none', 'the same input comes out as another text', TELL_READERS],
  ruleAdded: ['safe', 'review', 'safe', 'a run may be stopped that passed before', 'try the rule on the data there is'],
  ruleDropped: [
    'break',
    'safe',
    'review',
    'what was promised is no longer checked',
    'keep the rule and let it warn, or serve both versions',
  ],
  ruleChanged: [
    'review',
    'review',
    'review',
    'another question is asked of the data',
    'say in the contract what the rule is for',
  ],
  thresholdTightened: [
    'safe',
    'review',
    'safe',
    'a run may be stopped that passed before',
    'try the rule on the data there is',
  ],
  thresholdRelaxed: ['review', 'safe', 'review', 'a worse state of the data now passes', TELL_READERS],
  gateTightened: ['safe', 'review', 'safe', 'a failure has harder consequences', 'try the rule on the data there is'],
  gateRelaxed: [
    'review',
    'safe',
    'review',
    'bad rows are left out where the run was stopped, so rows are missing',
    TELL_READERS,
  ],
  gateOpened: [
    'break',
    'safe',
    'review',
    'rows that break the rule now reach readers',
    'quarantine the rows instead of letting them pass',
  ],
  serviceLevelTightened: ['safe', 'review', 'safe', 'more is promised than before', 'make sure that the runs keep it'],
  serviceLevelRelaxed: ['break', 'safe', 'review', 'less is promised than readers may rely on', SERVE_BOTH],
  serviceLevelChanged: ['review', 'review', 'review', 'nobody can say whether more or less is promised', TELL_READERS],
  objectiveTightened: [
    'safe',
    'review',
    'safe',
    'the promise may be missed less often',
    'make sure that the runs keep it',
  ],
  objectiveRelaxed: ['review', 'safe', 'review', 'the promise may be missed more often', TELL_READERS],
  endAnnounced: ['review', 'safe', 'none', 'readers have to be elsewhere by then', TELL_READERS],
  classificationLowered: ['safe', 'none', 'break', 'more people may read it', ASK_APPROVER],
  classificationRaised: [
    'break',
    'none',
    'safe',
    'people who read it no longer may',
    'tell those who lose it, and give them a role first',
  ],
  maskingWeakened: ['safe', 'none', 'break', 'more of the value shows', ASK_APPROVER],
  maskingStrengthened: ['break', 'none', 'safe', 'readers get other values, and joins with old ones fail', SERVE_BOTH],
  accessWidened: ['safe', 'none', 'break', 'somebody may read what they could not', ASK_APPROVER],
  accessNarrowed: [
    'break',
    'none',
    'safe',
    'somebody no longer reads what they could',
    'tell those who lose it, and give them another role first',
  ],
  rowFilterReplaced: [
    'break',
    'none',
    'break',
    'other rows show, and nobody can say which are lost and which are gained',
    ASK_APPROVER,
  ],
  accessTermsChanged: [
    'safe',
    'none',
    'review',
    'the terms on which somebody may read are others',
    'have whoever approves it look',
  ],
  eventReplaced: [
    'safe',
    'break',
    'none',
    'events are sent where nobody takes them',
    'take both for the migration window, as two tables',
  ],
  deliveryTightened: ['safe', 'review', 'none', 'writers have to keep an order', NOTHING],
  deliveryRelaxed: ['break', 'safe', 'review', 'rows may come twice', SERVE_BOTH],
  horizonShortened: [
    'safe',
    'break',
    'none',
    'rows are refused that came in time before',
    'shorten it when nobody sends that late any more',
  ],
  horizonExtended: ['review', 'safe', 'none', 'rows of a longer past may still change', TELL_READERS],
  changesChanged: [
    'review',
    'review',
    'review',
    'other events remove rows, or another one is the newest of its key; rows that are there stay as they are',
    'tell readers and writers, and compare the rows of both on the same day',
  ],
  originChanged: [
    'review',
    'safe',
    'review',
    'the rows are computed from something else',
    'compare the rows of both on the same day',
  ],
  scheduleChanged: ['review', 'safe', 'none', 'rows change at another time of the day', TELL_READERS],
  statusChanged: ['review', 'safe', 'none', 'readers may have to act on it', TELL_READERS],
  wordsChanged: ['safe', 'safe', 'none', 'only people read it', NOTHING],
  foreignPropertyChanged: ['safe', 'safe', 'none', 'only tools of other vendors read it', NOTHING],
  otherChanged: [
    'review',
    'review',
    'review',
    'no rule knows what it means',
    'look at it, and say so in the pull request',
  ],
} as const satisfies Readonly<Record<string, Row>>;

const ruleOf = ([readers, writers, trust, reason, fix]: Row): Rule => ({ readers, writers, trust, reason, fix });

export const RULES = Object.fromEntries(Object.entries(TABLE).map(([kind, row]) => [kind, ruleOf(row)])) as Readonly<
  Record<keyof typeof TABLE, Rule>
>;
