//! Who makes blocks and who finalises them.

use crate::{constants::*, *};
use frame_support::{
	parameter_types,
	traits::{ConstBool, ConstU128, ConstU32, ConstU64, KeyOwnerProofSystem},
};
use hanse_primitives::{AuthorityKeys, Finality, Moment, MAX_AUTHORITIES};
use pallet_authorities::{OncePerSession, HISTORY};
use pallet_grandpa::AuthorityId as GrandpaId;
use pallet_institutions::EnsureMember;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_core::crypto::KeyTypeId;
use sp_runtime::traits::{Convert, OpaqueKeys};

impl pallet_timestamp::Config for Runtime {
	type MinimumPeriod = ConstU64<{ SLOT_DURATION / 2 }>;
	type Moment = u64;
	type OnTimestampSet = (Aura, Rulebook);
	type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_aura::Config for Runtime {
	type AllowMultipleBlocksPerSlot = ConstBool<false>;
	type AuthorityId = AuraId;
	// A disabled author's block would panic on import: nobody is disabled inside a session.
	type DisabledValidators = ();
	type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
	type SlotDuration = ConstU64<SLOT_DURATION>;
}

impl pallet_authorship::Config for Runtime {
	type EventHandler = Authorities;
	type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Runtime, Aura>;
}

parameter_types! {
	/// Known from the block's digest before its time is set.
	pub SlotStart: Moment = pallet_aura::CurrentSlot::<Runtime>::get().saturating_mul(SLOT_DURATION);
	pub SessionLength: Moment = Rulebook::rules().session;
	pub OfflineShare: u32 = Rulebook::rules().offline_share;
}

impl pallet_authorities::Config for Runtime {
	type Conduct = Conduct;
	type Finality = GrandpaRestart;
	type Keys = KeysOfSessions;
	type MemberOrigin = EnsureMember<Runtime>;
	type Members = Institutions;
	type OfflineShare = OfflineShare;
	type RestartOrigin = configs::origins::Emergency;
	type SessionLength = SessionLength;
	type Activity = Institutions;
	type SlotDuration = ConstU64<SLOT_DURATION>;
	type SlotStart = SlotStart;
	type WeightInfo = weights::Measured;
}

/// Who may set keys: a member that votes, by its own account.
pub struct AuthorityOf;
impl Convert<AccountId, Option<AccountId>> for AuthorityOf {
	fn convert(account: AccountId) -> Option<AccountId> {
		use hanse_primitives::Members;
		Institutions::id_of(&account).filter(|id| Institutions::ensure_payable(*id).is_ok()).map(|_| account)
	}
}

/// An account says all there is to say about an authority.
pub struct NoIdentification;
impl Convert<AccountId, Option<()>> for NoIdentification {
	fn convert(_: AccountId) -> Option<()> {
		Some(())
	}
}

impl pallet_session::Config for Runtime {
	type Currency = Balances;
	// For the reason above, and since disabling changes nothing about GRANDPA votes.
	type DisablingStrategy = ();
	// The admission bond is deposit enough.
	type KeyDeposit = ConstU128<0>;
	type Keys = SessionKeys;
	type NextSessionRotation = ();
	type RuntimeEvent = RuntimeEvent;
	type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
	type SessionManager = pallet_session::historical::NoteHistoricalRoot<Runtime, Authorities>;
	type ShouldEndSession = Authorities;
	type ValidatorId = AccountId;
	type ValidatorIdOf = AuthorityOf;
	type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
}

impl pallet_session::historical::Config for Runtime {
	type FullIdentification = ();
	type FullIdentificationOf = NoIdentification;
	type RuntimeEvent = RuntimeEvent;
}

impl pallet_offences::Config for Runtime {
	type IdentificationTuple = pallet_session::historical::IdentificationTuple<Runtime>;
	type OnOffenceHandler = Authorities;
	type RuntimeEvent = RuntimeEvent;
}

impl pallet_grandpa::Config for Runtime {
	type EquivocationReportSystem = pallet_grandpa::EquivocationReportSystem<
		Runtime,
		OncePerSession<Runtime, Offences>,
		Historical,
		ConstU64<REPORT_LONGEVITY>,
	>;
	type KeyOwnerProof = <Historical as KeyOwnerProofSystem<(KeyTypeId, GrandpaId)>>::Proof;
	type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
	type MaxNominators = ConstU32<0>;
	type MaxSetIdSessionEntries = ConstU64<{ HISTORY as u64 }>;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = ();
}

impl<LocalCall> frame_system::offchain::CreateTransactionBase<LocalCall> for Runtime
where
	RuntimeCall: From<LocalCall>,
{
	type Extrinsic = UncheckedExtrinsic;
	type RuntimeCall = RuntimeCall;
}

/// For equivocation reports, which authors put into their own blocks.
impl<LocalCall> frame_system::offchain::CreateBare<LocalCall> for Runtime
where
	RuntimeCall: From<LocalCall>,
{
	fn create_bare(call: RuntimeCall) -> UncheckedExtrinsic {
		UncheckedExtrinsic::new_bare(call)
	}
}

/// The keys that pallet-session keeps.
pub struct KeysOfSessions;
impl AuthorityKeys<AccountId> for KeysOfSessions {
	fn are_set(account: &AccountId) -> bool {
		pallet_session::NextKeys::<Runtime>::contains_key(account)
	}

	fn have_changed() -> bool {
		pallet_session::QueuedKeys::<Runtime>::get()
			.into_iter()
			.any(|(account, keys)| pallet_session::NextKeys::<Runtime>::get(account) != Some(keys))
	}

	fn purge(account: &AccountId) {
		if Self::are_set(account) {
			// Its only other errors are about accounts without keys.
			let _ = Session::purge_keys(RuntimeOrigin::signed(account.clone()));
		}
	}

	fn forget_sessions_before(session: u32) {
		Historical::prune_up_to(session)
	}
}

/// GRANDPA, where it cannot go on by itself.
pub struct GrandpaRestart;
impl Finality<BlockNumber> for GrandpaRestart {
	fn restart(best_finalised: BlockNumber, set_id: u64) {
		// Sets that were announced while nothing was final never came into force. The next one must have
		// the number that the nodes will give it, or no equivocation could be proved any more.
		let announced = pallet_grandpa::CurrentSetId::<Runtime>::get();
		for phantom in (set_id + 1..=announced).take(HISTORY as usize) {
			pallet_grandpa::SetIdSession::<Runtime>::remove(phantom);
		}
		pallet_grandpa::CurrentSetId::<Runtime>::put(set_id);
		// As Root it cannot fail.
		let _ = Grandpa::note_stalled(RuntimeOrigin::root(), FORCED_CHANGE_DELAY, best_finalised);
	}

	fn set_id() -> u64 {
		pallet_grandpa::CurrentSetId::<Runtime>::get()
	}

	fn is_changing() -> bool {
		pallet_grandpa::PendingChange::<Runtime>::exists()
	}
}
