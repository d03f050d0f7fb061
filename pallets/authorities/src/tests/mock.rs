use crate as pallet_authorities;
use hanse_primitives::MAX_AUTHORITIES;
pub use hanse_testing::*;
use pallet_authorship::EventHandler;
use pallet_session::{SessionManager, ShouldEndSession};

hanse_testing::runtime!(; Authorities: pallet_authorities);

hanse_testing::system!();

/// Milliseconds of a slot.
pub const SLOT: Moment = 1_000;

state! {
	OfflineShare: u32 = 50;
	SessionLength: Moment = 10 * SLOT;
	SlotStart: Moment = 0;
}

impl pallet_authorities::Config for Test {
	type Activity = Heard;
	type Conduct = SeenOffences;
	type Finality = Nodes;
	type Keys = Nodes;
	type MemberOrigin = Membership;
	type Members = Membership;
	type OfflineShare = OfflineShare;
	type RestartOrigin = frame_system::EnsureRoot<u64>;
	type SessionLength = SessionLength;
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
	let authorities = pallet_authorities::GenesisConfig { operators: operators.clone() };
	chain(RuntimeGenesisConfig { authorities, ..Default::default() }, || {
		// As the genesis of pallet-session does.
		for session in 0..2 {
			let genesis = <Authorities as SessionManager<u64>>::new_session_genesis(session);
			assert_eq!(genesis, Some(operators.clone()));
		}
		<Authorities as SessionManager<u64>>::start_session(0);
		System::set_block_number(100);
		SlotStart::set(1_000_000);
		assert!(!<Authorities as ShouldEndSession<u64>>::should_end_session(1));
	})
}

short! {
	pub fn run(n: u32, test: impl FnOnce()) = run_on(genesis(n), test);
	pub fn operate(id: u32, on: bool) -> DispatchResult = Authorities::operate(by(id), on);
	/// Those who want to be authorities from now on.
	pub fn operate_all(ids: impl IntoIterator<Item = u32>) = ids.into_iter().for_each(|id| operate(id, true).unwrap());
	pub fn session() -> u32 = crate::CurrentSession::<Test>::get().unwrap().index;
	/// The set of the session that runs, and what is planned.
	pub fn current() -> Vec<u32> = crate::Roster::<Test>::get().into_iter().map(|(id, _)| id).collect();
	pub fn planned() -> Vec<u32> = crate::PlannedSet::<Test>::get().into_inner();
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
