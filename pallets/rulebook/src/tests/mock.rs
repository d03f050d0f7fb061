use crate as pallet_rulebook;
use crate::{DecisionId, Rule, Rules};
use frame_support::{
	assert_ok, derive_impl, ord_parameter_types, parameter_types,
	traits::{Contains, Hooks},
	weights::{RuntimeDbWeight, WeightMeter},
};
use frame_system::EnsureSignedBy;
use hanse_primitives::{EraIndex, Eras, Moment, VoteRequirement};
use sp_core::H256;
use sp_runtime::{BuildStorage, DispatchResult};

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Timestamp: pallet_timestamp,
		Rulebook: pallet_rulebook,
	}
);

pub const UNIT: u128 = 1_000_000;
pub const MINUTE: Moment = 60_000;
pub const HOUR: Moment = 60 * MINUTE;
pub const DAY: Moment = 24 * HOUR;

/// An hour into era 100, by the standard rules.
pub const START: Moment = 100 * DAY + HOUR;
/// The standard notice.
pub const NOTICE: Moment = 3 * DAY;

parameter_types! {
	/// A read or a write weighs as much as a step of the hook.
	pub const DbWeight: RuntimeDbWeight = RuntimeDbWeight { read: 1, write: 1 };
	/// Whether the list of calls that can be enacted is empty, as after an upgrade.
	pub static NothingEnactable: bool = false;
	/// Whether a brake stops spending.
	pub static SpendingStopped: bool = false;
	pub static Open: Vec<H256> = Vec::new();
	pub static Carried: Vec<H256> = Vec::new();
}

ord_parameter_types! {
	/// Votes of two thirds.
	pub const TwoThirds: u64 = 67;
	/// Votes of three quarters.
	pub const ThreeQuarters: u64 = 75;
}

hanse_testing::system!(DbWeight = DbWeight);

hanse_testing::timestamp!(OnTimestampSet = Rulebook);

/// Upgrades, heap pages and remarks, of which those with an event fail as Root.
pub struct Listed;
impl Contains<RuntimeCall> for Listed {
	fn contains(call: &RuntimeCall) -> bool {
		!NothingEnactable::get()
			&& matches!(
				call,
				RuntimeCall::System(
					frame_system::Call::remark { .. }
						| frame_system::Call::authorize_upgrade { .. }
						| frame_system::Call::remark_with_event { .. }
						| frame_system::Call::set_heap_pages { .. }
				)
			)
	}
}

/// The motions that are open, and those of them that have their majority.
pub struct Ballots;
impl hanse_primitives::Motions<H256> for Ballots {
	fn open() -> Vec<H256> {
		Open::get()
	}

	fn lapse(motion: &H256) {
		if !Carried::get().contains(motion) {
			Open::mutate(|open| open.retain(|other| other != motion));
		}
	}

	fn end_outdated(motion: &H256) -> bool {
		let is_outdated = Open::get().contains(motion) && Carried::get().contains(motion);
		Open::mutate(|open| open.retain(|other| !(is_outdated && other == motion)));
		is_outdated
	}
}

/// Upgrades need three of four.
pub struct Table;
impl hanse_primitives::Majorities<RuntimeCall> for Table {
	fn needed_for(call: &RuntimeCall) -> Option<VoteRequirement> {
		let upgrade = matches!(call, RuntimeCall::System(frame_system::Call::authorize_upgrade { .. }));
		upgrade.then_some(VoteRequirement { ayes: 3, awake: 4, all: 4, accused: None })
	}
}

parameter_types! {
	/// Which ends of eras were processed.
	pub static Ended: Vec<hanse_primitives::EndedEras> = Vec::new();
	/// How many blocks an end takes.
	pub static EndTakes: u32 = 1;
}

/// An end of an era takes as many blocks as it is told.
pub struct Ends;
impl hanse_primitives::EraEndList for Ends {
	const STEPS: &'static [hanse_primitives::EraEndStep] = &[|ended, cursor, _| {
		*cursor += 1;
		if *cursor < EndTakes::get() {
			return hanse_primitives::Progress::Unfinished;
		}
		Ended::mutate(|all| all.push(ended));
		hanse_primitives::Progress::Done
	}];
}

impl pallet_rulebook::Config for Test {
	type AmendOrigin = EnsureSignedBy<TwoThirds, u64>;
	type EraEnd = Ends;
	type EnactOrigin = EnsureSignedBy<ThreeQuarters, u64>;
	type Enactable = Listed;
	type Majorities = Table;
	type Motions = Ballots;
	type RuntimeCall = RuntimeCall;
	type SpendingStopped = SpendingStopped;
	type Time = Timestamp;
	type WeightInfo = ();
}

/// A chain with these rules at `START`.
pub fn genesis(rules: Rules) -> sp_io::TestExternalities {
	let mut ext: sp_io::TestExternalities = RuntimeGenesisConfig {
		rulebook: pallet_rulebook::GenesisConfig { rules, ..Default::default() },
		..Default::default()
	}
	.build_storage()
	.unwrap()
	.into();
	ext.execute_with(|| {
		System::set_block_number(1);
		Timestamp::set_timestamp(START);
		Open::set(Vec::new());
		Carried::set(Vec::new());
	});
	ext
}

/// Runs `test` on a chain with these rules and checks the invariants after it.
pub fn run_with(rules: Rules, test: impl FnOnce()) {
	genesis(rules).execute_with(|| {
		test();
		Rulebook::do_try_state().unwrap();
	});
}

/// Runs `test` on a chain with the standard rules and checks the invariants after it.
pub fn run(test: impl FnOnce()) {
	run_with(Rules::default(), test);
}

/// The text in which the members wrote the rules down.
pub fn text() -> H256 {
	H256::repeat_byte(7)
}

/// A vote to amend.
pub fn amend(rule: Rule, value: u128) -> DispatchResult {
	Rulebook::amend(RuntimeOrigin::signed(67), rule, value, text())
}

/// A vote to retract.
pub fn retract(decision: DecisionId) -> DispatchResult {
	Rulebook::retract(RuntimeOrigin::signed(67), decision)
}

/// A vote to enact a call.
pub fn enact(call: impl Into<RuntimeCall>) -> DispatchResult {
	Rulebook::enact(RuntimeOrigin::signed(75), Box::new(call.into()))
}

pub fn remark(length: usize) -> frame_system::Call<Test> {
	frame_system::Call::remark_with_event { remark: vec![0; length] }
}

/// A motion of a member, whose time is up in the block `ends`.
pub fn file(by: u64, motion: u8, ends: u64) -> DispatchResult {
	frame_support::storage::with_storage_layer(|| {
		Open::mutate(|open| open.push(H256::repeat_byte(motion)));
		let filed = Rulebook::file(&by, H256::repeat_byte(motion), ends);
		if filed.is_err() {
			Open::mutate(|open| open.pop());
		}
		filed
	})
}

/// A motion that is not open any more.
pub fn over(motion: u8) {
	Open::mutate(|open| open.retain(|other| *other != H256::repeat_byte(motion)));
}

/// A vote to amend, and its enactment when the notice is over.
pub fn amend_now(rule: Rule, value: u128) {
	assert_ok!(amend(rule, value));
	block_at(now() + Rulebook::rules().notice);
	assert_eq!(Rulebook::rules().get(rule), value);
}

pub fn now() -> Moment {
	Timestamp::get()
}

pub fn era() -> EraIndex {
	Rulebook::current()
}

/// The next block, at `now`, with this much weight for the hook.
pub fn block_with(now: Moment, meter: &mut WeightMeter) {
	let number = System::block_number() + 1;
	System::set_block_number(number);
	Rulebook::on_initialize(number);
	Timestamp::set_timestamp(now);
	Rulebook::on_poll(number, meter);
}

/// The next block, at `now`, with as much weight as there is.
pub fn block_at(now: Moment) {
	block_with(now, &mut WeightMeter::new());
}
