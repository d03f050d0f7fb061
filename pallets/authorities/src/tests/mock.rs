use crate as pallet_authorities;
use frame_support::{
	assert_ok, derive_impl, parameter_types,
	traits::{ConstU64, EnsureOrigin},
};
use hanse_primitives::{
	AuthorityKeys, Balance, Conduct, Finality, InstitutionId, Members, Moment, OffenceKind, MAX_AUTHORITIES,
};
use pallet_authorship::EventHandler;
use pallet_session::{SessionManager, ShouldEndSession};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};
use std::collections::BTreeSet;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Authorities: pallet_authorities,
	}
);

/// Milliseconds of a slot.
pub const SLOT: Moment = 1_000;

parameter_types! {
	/// Members that are suspended or leaving. Account n is institution n.
	pub static Barred: BTreeSet<InstitutionId> = BTreeSet::new();
	pub static Keyless: BTreeSet<InstitutionId> = BTreeSet::new();
	pub static KeysChanged: bool = false;
	pub static Purged: Vec<u64> = Vec::new();
	/// Sessions before this one are forgotten.
	pub static Forgotten: u32 = 0;
	/// Restarts of GRANDPA as (block, set id).
	pub static Restarts: Vec<(u64, u64)> = Vec::new();
	pub static Changing: bool = false;
	pub static SeenOffences: Vec<(InstitutionId, OffenceKind)> = Vec::new();
	/// Accounts of whom there was a sign.
	pub static Heard: BTreeSet<u64> = BTreeSet::new();
	/// Members that are gone.
	pub static Gone: BTreeSet<InstitutionId> = BTreeSet::new();
	pub static OfflineShare: u32 = 50;
	pub static SessionLength: Moment = 10 * SLOT;
	pub static SlotStart: Moment = 0;
}

/// The id of the set that the chain announced last.
pub const SET_ID: u64 = 9;

hanse_testing::system!();

pub struct Alliance;
impl Members<u64> for Alliance {
	fn account(id: InstitutionId) -> Result<u64, DispatchError> {
		frame_support::ensure!(!Gone::get().contains(&id), "NotFound");
		Ok(id.into())
	}

	fn id_of(account: &u64) -> Option<InstitutionId> {
		(*account > 0 && *account < 1_000).then_some(*account as InstitutionId)
	}

	hanse_testing::unused! { "running a node issues nothing";
		fn ensure_active(_: InstitutionId) -> DispatchResult;
	}

	hanse_testing::unused! { "running a node pays nobody";
		fn ensure_payable(_: InstitutionId) -> DispatchResult;
	}

	fn may_operate(id: InstitutionId) -> bool {
		!Barred::get().contains(&id)
	}

	hanse_testing::unused! { "nothing here is about money";
		fn bond(_: InstitutionId) -> Balance;
		fn draw_bond(_: InstitutionId, _: &u64, _: Balance) -> Result<Balance, DispatchError>;
	}
}

impl EnsureOrigin<RuntimeOrigin> for Alliance {
	type Success = InstitutionId;

	fn try_origin(origin: RuntimeOrigin) -> Result<InstitutionId, RuntimeOrigin> {
		match origin.clone().into() {
			Ok(frame_system::RawOrigin::Signed(account)) => Self::id_of(&account).ok_or(origin),
			_ => Err(origin),
		}
	}
}

pub struct Keys;
impl AuthorityKeys<u64> for Keys {
	fn are_set(account: &u64) -> bool {
		!Keyless::get().contains(&(*account as InstitutionId))
	}

	fn have_changed() -> bool {
		KeysChanged::get()
	}

	fn purge(account: &u64) {
		Purged::mutate(|purged| purged.push(*account));
	}

	fn forget_sessions_before(session: u32) {
		Forgotten::set(session);
	}
}

pub struct Grandpa;
impl Finality<u64> for Grandpa {
	fn restart(best_finalised: u64, set_id: u64) {
		Restarts::mutate(|restarts| restarts.push((best_finalised, set_id)));
	}

	fn set_id() -> u64 {
		SET_ID
	}

	fn is_changing() -> bool {
		Changing::get()
	}
}

pub struct Ear;
impl hanse_primitives::Activity<u64> for Ear {
	fn note_activity(account: &u64) {
		Heard::mutate(|heard| heard.insert(*account));
	}
}

impl Conduct for SeenOffences {
	fn record_offence(member: InstitutionId, offence: OffenceKind) {
		SeenOffences::mutate(|offences| offences.push((member, offence)));
	}
}

impl pallet_authorities::Config for Test {
	type Conduct = SeenOffences;
	type Finality = Grandpa;
	type Keys = Keys;
	type MemberOrigin = Alliance;
	type Members = Alliance;
	type OfflineShare = OfflineShare;
	type RestartOrigin = frame_system::EnsureRoot<u64>;
	type SessionLength = SessionLength;
	type Activity = Ear;
	type SlotDuration = ConstU64<SLOT>;
	type SlotStart = SlotStart;
	type WeightInfo = ();
}

/// A chain whose authorities are institutions 1 to `n`, in its first session.
pub fn genesis(n: u32) -> sp_io::TestExternalities {
	genesis_of((1..=n.into()).collect())
}

/// A chain of these authorities, in its first session.
pub fn genesis_of(operators: Vec<u64>) -> sp_io::TestExternalities {
	let mut ext: sp_io::TestExternalities = RuntimeGenesisConfig {
		authorities: pallet_authorities::GenesisConfig { operators: operators.clone() },
		..Default::default()
	}
	.build_storage()
	.unwrap()
	.into();
	ext.execute_with(|| {
		Barred::set(BTreeSet::new());
		Keyless::set(BTreeSet::new());
		KeysChanged::set(false);
		Purged::set(Vec::new());
		Forgotten::set(0);
		Restarts::set(Vec::new());
		Changing::set(false);
		SeenOffences::set(Vec::new());
		Gone::set(BTreeSet::new());
		OfflineShare::set(50);
		SessionLength::set(10 * SLOT);
		SlotStart::set(0);
		// As the genesis of pallet-session does.
		for session in 0..2 {
			let genesis = <Authorities as SessionManager<u64>>::new_session_genesis(session);
			assert_eq!(genesis, Some(operators.clone()));
		}
		<Authorities as SessionManager<u64>>::start_session(0);
		System::set_block_number(100);
		SlotStart::set(1_000_000);
		assert!(!<Authorities as ShouldEndSession<u64>>::should_end_session(1));
	});
	ext
}

pub fn run(n: u32, test: impl FnOnce()) {
	genesis(n).execute_with(|| {
		test();
		Authorities::do_try_state().unwrap();
	});
}

pub fn operate(id: u32, on: bool) -> DispatchResult {
	Authorities::operate(RuntimeOrigin::signed(id.into()), on)
}

/// Those who want to be authorities from now on.
pub fn operate_all(ids: impl IntoIterator<Item = u32>) {
	ids.into_iter().for_each(|id| {
		assert_ok!(operate(id, true));
	});
}

pub fn session() -> u32 {
	crate::CurrentSession::<Test>::get().unwrap().index
}

/// The set of the session that runs.
pub fn current() -> Vec<u32> {
	crate::Roster::<Test>::get().into_iter().map(|(id, _)| id).collect()
}

pub fn planned() -> Vec<u32> {
	crate::PlannedSet::<Test>::get().into_inner()
}

/// Lets the session that runs end, in which all of its authorities but the `silent` made blocks, and
/// turns as pallet-session does. Returns what was planned, if it was anything.
pub fn turn(silent: &[u32]) -> Option<Vec<u64>> {
	turn_with(|id| u32::from(!silent.contains(&id)))
}

/// As `turn`, of a session in which authorities made so many blocks.
pub fn turn_with(blocks: impl Fn(u32) -> u32) -> Option<Vec<u64>> {
	for id in current() {
		(0..blocks(id)).for_each(|_| <Authorities as EventHandler<u64, u64>>::note_author(id.into()));
	}
	let session = session();
	<Authorities as SessionManager<u64>>::end_session(session);
	SlotStart::mutate(|start| *start += SessionLength::get());
	System::set_block_number(System::block_number() + 10);
	<Authorities as SessionManager<u64>>::start_session(session + 1);
	let planned = <Authorities as SessionManager<u64>>::new_session(session + 2);
	assert!(current().len() <= MAX_AUTHORITIES as usize);
	planned
}
