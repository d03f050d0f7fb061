use crate as pallet_supervision;
use crate::{Level, Scope, Target};
use frame_support::traits::fungibles::{Create, Mutate};
use frame_system::EnsureSignedBy;
pub use hanse_testing::*;

hanse_testing::runtime!(Balances: pallet_balances, Assets: pallet_assets; Supervision: pallet_supervision);

hanse_testing::money!(1);

hanse_testing::vintages!(Supervision);

/// Institutions 1 and 2 are accounts 1 and 2; the shop has programs 1 and 2, the bank has program 3.
pub const SHOP: InstitutionId = 1;
pub const BANK: InstitutionId = 2;
/// People.
pub const ANN: u64 = 11;
pub const BEN: u64 = 12;
/// A supervisor of everything.
pub const EVE: u64 = 21;
/// Somebody who is not appointed at first.
pub const FAY: u64 = 22;

pub const START: Moment = 1_000_000;
pub const LONG: Moment = 100;
pub const ANSWER: Moment = 50;
/// An appointment for longer than a test takes.
pub const TERM: Moment = START + 1_000_000;

frame_support::ord_parameter_types! {
	/// The votes, each an account of its own.
	pub const Appointing: u64 = 901;
	pub const Lifting: u64 = 902;
	pub const Ratifying: u64 = 903;
}

state! {
	AnswerTime: Moment = ANSWER;
	MaxHalt: Moment = LONG;
}

impl pallet_supervision::Config for Test {
	type AnswerTime = AnswerTime;
	type AppointOrigin = EnsureSignedBy<Appointing, u64>;
	type Conduct = SeenOffences;
	type DeadlineClock = NeverStops<Now>;
	type LiftOrigin = EnsureSignedBy<Lifting, u64>;
	type MaxHalt = MaxHalt;
	type MemberOrigin = Membership;
	type Members = Membership;
	type Points = Issuers;
	type ProgramClocks = Clocks;
	type RatifyOrigin = EnsureSignedBy<Ratifying, u64>;
	type Time = Now;
	type WeightInfo = ();
}

/// Two institutions with three programs at `START`, of each of which Ann and Ben hold 100 of an open vintage;
/// Eve may halt everything.
pub fn genesis() -> sp_io::TestExternalities {
	chain(Default::default(), || {
		Now::set(START);
		Size::set(2);
		Issuers::set([(1, SHOP), (2, SHOP), (3, BANK)].into());
		OpenVintages::set([vintage(1), vintage(2), vintage(3)].into());
		for program in 1..=3 {
			assert_ok!(<Assets as Create<u64>>::create(vintage(program), 999, true, 1));
			for holder in [ANN, BEN] {
				assert_ok!(Assets::mint_into(vintage(program), &holder, 100));
			}
		}
		assert_ok!(appoint(EVE, Level::Halt, Scope::All));
	})
}

/// Checks the invariants, and that the clocks which stand are those of the programs that run.
pub fn check() {
	check_invariants();
	let mut standing: Vec<_> = Stops::iter()
		.filter(|(_, (stops, resumes))| {
			assert!(stops - resumes <= 1, "a clock was stopped twice");
			stops > resumes
		})
		.map(|(program, _)| Target::Program(program))
		.collect();
	let mut running: Vec<_> = crate::ActiveHalts::<Test>::get()
		.into_iter()
		.map(|span| span.target)
		.filter(|target| matches!(target, Target::Program(_)))
		.collect();
	standing.sort_by_key(codec::Encode::encode);
	running.sort_by_key(codec::Encode::encode);
	assert_eq!(standing, running);
}

short! {
	/// Runs `test`, and checks everything after it.
	pub fn run(test: impl FnOnce()) = run_on(genesis(), || { test(); check(); });
	/// The only vintage of a program.
	pub fn vintage(program: ProgramId) -> AssetId = hanse_primitives::asset_id(program, 0);
	/// What a hash stands for.
	pub fn hash(n: u8) -> H256 = H256::repeat_byte(n);
	pub fn appoint(who: u64, level: Level, scope: Scope) -> DispatchResult =
		Supervision::appoint_supervisor(signed(Appointing::get()), who, level, scope, TERM);
	pub fn request(by: u64, institution: InstitutionId) -> DispatchResult =
		Supervision::request_disclosure(signed(by), institution, hash(1));
	pub fn disclose(institution: InstitutionId, request: u32) -> DispatchResult =
		Supervision::disclose(by(institution), request, hash(2));
	/// A halt by Eve.
	pub fn halt(target: Target<u64>, length: Moment) -> DispatchResult =
		Supervision::halt(signed(EVE), target, length, hash(3));
	pub fn ratify(target: Target<u64>) -> DispatchResult =
		Supervision::ratify_halt(signed(Ratifying::get()), target);
	pub fn lift(target: Target<u64>) -> DispatchResult = Supervision::lift_halt(signed(Lifting::get()), target);
	pub fn program(id: ProgramId) -> Target<u64> = Target::Program(id);
	pub fn institution(id: InstitutionId) -> Target<u64> = Target::Institution(id);
	pub fn customer(who: u64) -> Target<u64> = Target::Customer(who);
	/// How often a program's clock was stopped and resumed.
	pub fn stops(program: ProgramId) -> (u32, u32) = Stops::get(program);
}

/// The next block, at `now`, with as much weight as there is.
pub fn block_at(now: Moment) {
	let number = System::block_number() + 1;
	System::set_block_number(number);
	Now::set(now);
	Supervision::on_poll(number, &mut WeightMeter::new());
}
