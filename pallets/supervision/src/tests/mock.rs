use crate as pallet_supervision;
use crate::{Level, Scope, Target};
use frame_support::{
	assert_ok, derive_impl, ord_parameter_types, parameter_types,
	traits::{
		fungibles::{Create, Mutate},
		EnsureOrigin, Hooks, Time,
	},
	weights::WeightMeter,
	Twox64Concat,
};
use frame_system::{EnsureSignedBy, RawOrigin};
use hanse_primitives::{
	program_of, AssetId, Balance, Burned, ClockStop, Funding, InstitutionId, Moment, OffenceKind, ProgramId,
	Venue,
};
use sp_core::H256;
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};
use std::collections::BTreeSet;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		Assets: pallet_assets,
		Supervision: pallet_supervision,
	}
);

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

ord_parameter_types! {
	/// The votes, each an account of its own.
	pub const Appointing: u64 = 901;
	pub const Lifting: u64 = 902;
	pub const Ratifying: u64 = 903;
}

parameter_types! {
	pub static Now: Moment = START;
	pub static AnswerTime: Moment = ANSWER;
	pub static MaxHalt: Moment = LONG;
	/// The vintages that are open.
	pub static Open: BTreeSet<AssetId> = BTreeSet::new();
	/// Institutions that exist.
	pub static Institutions: BTreeSet<InstitutionId> = BTreeSet::new();
}

/// How often the clock of a program was stopped and resumed; in storage, so that a call that fails does
/// neither.
#[frame_support::storage_alias]
pub type Stops =
	StorageMap<TestClocks, Twox64Concat, ProgramId, (u32, u32), frame_support::pallet_prelude::ValueQuery>;

/// What was recorded.
#[frame_support::storage_alias]
pub type SeenOffences =
	StorageValue<TestClocks, Vec<(InstitutionId, OffenceKind)>, frame_support::pallet_prelude::ValueQuery>;

hanse_testing::money!(1);

hanse_testing::vintages!(Supervision);

pub struct DeadlineClock;
impl Time for DeadlineClock {
	type Moment = Moment;

	fn now() -> Moment {
		Now::get()
	}
}

pub struct Alliance;
impl EnsureOrigin<RuntimeOrigin> for Alliance {
	type Success = InstitutionId;

	fn try_origin(origin: RuntimeOrigin) -> Result<InstitutionId, RuntimeOrigin> {
		match origin.clone().into() {
			Ok(RawOrigin::Signed(account)) => {
				<Self as hanse_primitives::Members<u64>>::id_of(&account).ok_or(origin)
			},
			_ => Err(origin),
		}
	}
}
impl hanse_primitives::Members<u64> for Alliance {
	fn account(id: InstitutionId) -> Result<u64, DispatchError> {
		frame_support::ensure!(Institutions::get().contains(&id), "NoInstitution");
		Ok(id.into())
	}

	fn id_of(account: &u64) -> Option<InstitutionId> {
		Institutions::get().into_iter().find(|id| u64::from(*id) == *account)
	}

	hanse_testing::unused! { "the status of an institution is not asked";
		fn ensure_active(_: InstitutionId) -> DispatchResult;
		fn ensure_payable(_: InstitutionId) -> DispatchResult;
		fn may_operate(_: InstitutionId) -> bool;
	}

	hanse_testing::unused! { "nobody looks at bonds";
		fn bond(_: InstitutionId) -> Balance;
		fn draw_bond(_: InstitutionId, _: &u64, _: Balance) -> Result<Balance, DispatchError>;
	}
}
impl hanse_primitives::Conduct for Alliance {
	fn record_offence(member: InstitutionId, offence: OffenceKind) {
		SeenOffences::mutate(|offences| offences.push((member, offence)));
	}
}

pub struct TestClocks;
impl hanse_primitives::ProgramClocks for TestClocks {
	fn stop(program: ProgramId, reason: ClockStop) -> DispatchResult {
		assert_eq!(reason, ClockStop::Halt);
		Stops::mutate(program, |(stops, _)| *stops += 1);
		Ok(())
	}

	fn resume(program: ProgramId, reason: ClockStop) -> DispatchResult {
		assert_eq!(reason, ClockStop::Halt);
		Stops::mutate(program, |(_, resumes)| *resumes += 1);
		Ok(())
	}
}

pub struct TestPoints;
impl hanse_primitives::PointsLedger<u64> for TestPoints {
	hanse_testing::unused! { "supervisors burn nothing";
		fn burn(_: &u64, _: ProgramId, _: Balance, _: Balance, _: Venue, _: u64) -> Result<Burned, DispatchError>;
	}

	hanse_testing::unused! { "supervisors make nothing";
		fn reinstate(_: &u64, _: AssetId, _: Balance, _: Funding) -> DispatchResult;
		fn reinstate_value(_: &u64, _: AssetId, _: Balance, _: Funding) -> Result<Balance, DispatchError>;
	}

	hanse_testing::unused! { "supervisors burn nothing";
		fn authorise(_: AssetId, _: Balance) -> Result<Balance, DispatchError>;
		fn unauthorise(_: InstitutionId, _: Balance) -> DispatchResult;
		fn authorised() -> Vec<(InstitutionId, Balance)>;
	}

	hanse_testing::unused! { "supervisors make nothing";
		fn refund_vintage(_: AssetId) -> Option<AssetId>;
		fn vintage_of(_: InstitutionId) -> Result<Option<AssetId>, DispatchError>;
	}

	fn issuer(program: ProgramId) -> Result<InstitutionId, DispatchError> {
		match program {
			1 | 2 => Ok(SHOP),
			3 => Ok(BANK),
			_ => Err("NoProgram".into()),
		}
	}

	fn open_vintage(vintage: AssetId) -> Option<(InstitutionId, u32)> {
		let issuer = Self::issuer(program_of(vintage)).ok()?;
		Open::get().contains(&vintage).then_some((issuer, 1))
	}

	hanse_testing::unused! { "supervisors do not value points";
		fn worth(_: &u64, _: ProgramId, _: Balance) -> Balance;
	}

	hanse_testing::unused! { "supervisors make nothing";
		fn exchange_in(_: &u64, _: ProgramId, _: Balance) -> Result<Balance, DispatchError>;
	}
}

impl pallet_supervision::Config for Test {
	type AnswerTime = AnswerTime;
	type AppointOrigin = EnsureSignedBy<Appointing, u64>;
	type DeadlineClock = hanse_primitives::NeverStops<DeadlineClock>;
	type ProgramClocks = TestClocks;
	type Conduct = Alliance;
	type LiftOrigin = EnsureSignedBy<Lifting, u64>;
	type MaxHalt = MaxHalt;
	type MemberOrigin = Alliance;
	type Members = Alliance;
	type Points = TestPoints;
	type RatifyOrigin = EnsureSignedBy<Ratifying, u64>;
	type Time = DeadlineClock;
	type WeightInfo = ();
}

/// Two institutions with three programs at `START`, of each of which Ann and Ben hold 100 of an open vintage;
/// Eve may halt everything.
pub fn genesis() -> sp_io::TestExternalities {
	Now::set(START);
	AnswerTime::set(ANSWER);
	MaxHalt::set(LONG);
	Open::set([vintage(1), vintage(2), vintage(3)].into());
	Institutions::set([SHOP, BANK].into());
	let mut ext: sp_io::TestExternalities = RuntimeGenesisConfig::default().build_storage().unwrap().into();
	ext.execute_with(|| {
		System::set_block_number(1);
		for program in 1..=3 {
			assert_ok!(<Assets as Create<u64>>::create(vintage(program), 999, true, 1));
			for holder in [ANN, BEN] {
				assert_ok!(Assets::mint_into(vintage(program), &holder, 100));
			}
		}
		assert_ok!(appoint(EVE, Level::Halt, Scope::All));
	});
	ext
}

/// Checks the invariants, and that the clocks which stand are those of the programs that run.
pub fn check() {
	Supervision::do_try_state().unwrap();
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

/// Runs `test` and checks the invariants after it.
pub fn run(test: impl FnOnce()) {
	genesis().execute_with(|| {
		test();
		check();
	});
}

/// The only vintage of a program.
pub fn vintage(program: ProgramId) -> AssetId {
	hanse_primitives::asset_id(program, 0)
}

/// What a hash stands for.
pub fn hash(n: u8) -> H256 {
	H256::repeat_byte(n)
}

pub fn signed(who: u64) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

pub fn appoint(who: u64, level: Level, scope: Scope) -> DispatchResult {
	Supervision::appoint_supervisor(signed(Appointing::get()), who, level, scope, TERM)
}

pub fn request(by: u64, institution: InstitutionId) -> DispatchResult {
	Supervision::request_disclosure(signed(by), institution, hash(1))
}

pub fn disclose(institution: InstitutionId, request: u32) -> DispatchResult {
	Supervision::disclose(signed(institution.into()), request, hash(2))
}

/// A halt by Eve.
pub fn halt(target: Target<u64>, length: Moment) -> DispatchResult {
	Supervision::halt(signed(EVE), target, length, hash(3))
}

pub fn ratify(target: Target<u64>) -> DispatchResult {
	Supervision::ratify_halt(signed(Ratifying::get()), target)
}

pub fn lift(target: Target<u64>) -> DispatchResult {
	Supervision::lift_halt(signed(Lifting::get()), target)
}

pub fn program(id: ProgramId) -> Target<u64> {
	Target::Program(id)
}

pub fn institution(id: InstitutionId) -> Target<u64> {
	Target::Institution(id)
}

pub fn customer(who: u64) -> Target<u64> {
	Target::Customer(who)
}

/// The next block, at `now`, with as much weight as there is.
pub fn block_at(now: Moment) {
	let number = System::block_number() + 1;
	System::set_block_number(number);
	Now::set(now);
	Supervision::on_poll(number, &mut WeightMeter::new());
}

/// How often a program's clock was stopped and resumed.
pub fn stops(program: ProgramId) -> (u32, u32) {
	Stops::get(program)
}

pub fn last_event(event: crate::Event<Test>) {
	System::assert_last_event(event.into());
}
