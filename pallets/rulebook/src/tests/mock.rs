use crate as pallet_rulebook;
use crate::{DecisionId, Rule, Rules};
use frame_support::{ord_parameter_types, traits::Contains, weights::RuntimeDbWeight};
use frame_system::EnsureSignedBy;
use hanse_primitives::{Eras, VoteRequirement};
pub use hanse_testing::*;

hanse_testing::runtime!(Timestamp: pallet_timestamp; Rulebook: pallet_rulebook);

hanse_testing::system!(DbWeight = DbWeight);

hanse_testing::timestamp!(OnTimestampSet = Rulebook);

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
}

state! {
	/// Whether the list of calls that can be enacted is empty, as after an upgrade.
	NothingEnactable: bool = false;
	/// Whether a brake stops spending.
	SpendingStopped: bool = false;
}

ord_parameter_types! {
	/// Votes of two thirds, and of three quarters.
	pub const TwoThirds: u64 = 67;
	pub const ThreeQuarters: u64 = 75;
}

/// Upgrades, heap pages and remarks, of which those with an event fail as Root.
pub struct Listed;
impl Contains<RuntimeCall> for Listed {
	fn contains(call: &RuntimeCall) -> bool {
		use frame_system::Call::*;
		!NothingEnactable::get()
			&& matches!(
				call,
				RuntimeCall::System(
					remark { .. }
						| authorize_upgrade { .. }
						| remark_with_event { .. }
						| set_heap_pages { .. }
				)
			)
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

impl pallet_rulebook::Config for Test {
	type AmendOrigin = EnsureSignedBy<TwoThirds, u64>;
	type EnactOrigin = EnsureSignedBy<ThreeQuarters, u64>;
	type Enactable = Listed;
	type EraEnd = Ends;
	type Majorities = Table;
	type Motions = Open;
	type RuntimeCall = RuntimeCall;
	type SpendingStopped = SpendingStopped;
	type Time = Timestamp;
	type WeightInfo = ();
}

/// A chain with these rules at `START`.
pub fn genesis(rules: Rules) -> sp_io::TestExternalities {
	let rulebook = pallet_rulebook::GenesisConfig { rules, ..Default::default() };
	chain(RuntimeGenesisConfig { rulebook, ..Default::default() }, || Timestamp::set_timestamp(START))
}

short! {
	/// Runs `test` on a chain with these rules, and with the standard ones.
	pub fn run_with(rules: Rules, test: impl FnOnce()) = run_on(genesis(rules), test);
	pub fn run(test: impl FnOnce()) = run_with(Rules::default(), test);
	/// The text in which the members wrote the rules down.
	pub fn text() -> H256 = H256::repeat_byte(7);
	/// Votes to amend, to retract, and to enact a call.
	pub fn amend(rule: Rule, value: u128) -> DispatchResult = Rulebook::amend(signed(67), rule, value, text());
	pub fn retract(decision: DecisionId) -> DispatchResult = Rulebook::retract(signed(67), decision);
	pub fn enact(call: impl Into<RuntimeCall>) -> DispatchResult =
		Rulebook::enact(signed(75), Box::new(call.into()));
	pub fn remark(length: usize) -> frame_system::Call<Test> =
		frame_system::Call::remark_with_event { remark: vec![0; length] };
	/// A motion that is not open any more.
	pub fn over(motion: u8) = Open::mutate(|open| open.retain(|other| *other != H256::repeat_byte(motion)));
	pub fn now() -> Moment = Timestamp::get();
	pub fn era() -> EraIndex = Rulebook::current();
	/// The next block, at `now`, with as much weight as there is.
	pub fn block_at(now: Moment) = block_with(now, &mut WeightMeter::new());
}

/// A motion of a member, whose time is up in the block `ends`.
pub fn file(by: u64, motion: u8, ends: u64) -> DispatchResult {
	frame_support::storage::with_storage_layer(|| {
		Open::mutate(|open| open.push(H256::repeat_byte(motion)));
		Rulebook::file(&by, H256::repeat_byte(motion), ends)
	})
}

/// A vote to amend, and its enactment when the notice is over.
pub fn amend_now(rule: Rule, value: u128) {
	assert_ok!(amend(rule, value));
	block_at(now() + Rulebook::rules().notice);
	assert_eq!(Rulebook::rules().get(rule), value);
}

/// The next block, at `now`, with this much weight for the hook.
pub fn block_with(now: Moment, meter: &mut WeightMeter) {
	let number = System::block_number() + 1;
	System::set_block_number(number);
	Rulebook::on_initialize(number);
	Timestamp::set_timestamp(now);
	Rulebook::on_poll(number, meter);
}
