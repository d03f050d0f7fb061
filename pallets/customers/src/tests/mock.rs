use crate as pallet_customers;
use crate::{
	CustomerRules, Person, PersonId, RecoveryExposure, RecoveryItem, Registration, CONSENT_LIFETIME,
};
use frame_support::{pallet_prelude::ValueQuery, Blake2_128Concat, Twox64Concat};
use hanse_primitives::{Customers as _, Electorate, Halts, Holdings, Tag};
pub use hanse_testing::*;
use pallet_institutions::EnsureMember;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{traits::IdentityLookup, AccountId32, BoundedVec, MultiSignature};

hanse_testing::chain!(
	Timestamp: pallet_timestamp,
	Balances: pallet_balances;
	Institutions: pallet_institutions,
	Customers: pallet_customers,
);

hanse_testing::money!(1, AccountId = AccountId32, Lookup = IdentityLookup<AccountId32>);

hanse_testing::timestamp!();

hanse_testing::alliance!(
	AdmissionBond = ConstU128<BOND>,
	PendingClaims = Customers,
	Clearing = (),
	Electorate = Voters,
	Eras = hanse_testing::TimedEras<Timestamp, START, DELAY, 1>,
	Liabilities = (),
	Programs = (),
	RefundWindow = ConstU32<0>,
	RequiredBond = ConstU128<BOND>,
);

/// Institutions 1, 2 and 3, and the keys of their accounts.
pub const BANK: InstitutionId = 1;
pub const SHOP: InstitutionId = 2;
pub const CAFE: InstitutionId = 3;
const MEMBERS: [Sr25519Keyring; 3] = [Sr25519Keyring::Alice, Sr25519Keyring::Bob, Sr25519Keyring::Charlie];

/// Keys of people.
pub const ANN: Sr25519Keyring = Sr25519Keyring::Dave;
pub const BEN: Sr25519Keyring = Sr25519Keyring::Eve;
pub const CAT: Sr25519Keyring = Sr25519Keyring::Ferdie;
pub const DAN: Sr25519Keyring = Sr25519Keyring::One;
pub const EVA: Sr25519Keyring = Sr25519Keyring::Two;
pub const PEOPLE: [Sr25519Keyring; 5] = [ANN, BEN, CAT, DAN, EVA];

pub const BOND: Balance = 1_000;
pub const WINDOW: Moment = 30_000;
pub const LIMIT: Balance = 500;
pub const AGE: Moment = 40_000;
pub const DELAY: Moment = 20_000;
pub const QUOTA: u32 = 5;
/// In the middle of a day.
pub const START: Moment = 1_790_000_000_000;

/// What accounts hold, in settlement micro-units.
#[frame_support::storage_alias]
pub type Held =
	StorageDoubleMap<Wallets, Blake2_128Concat, AccountId32, Twox64Concat, AssetId, Balance, ValueQuery>;

/// A vintage that does not move while it is halted.
pub const HALTED: AssetId = 666;

pub struct Wallets;
impl Holdings<AccountId32> for Wallets {
	short! {
		fn value(account: &AccountId32, vintage: AssetId) -> Balance = Held::get(account, vintage);
		fn move_all(from: &AccountId32, to: &AccountId32, vintage: AssetId) -> Result<Balance, DispatchError> = {
			refuse(vintage == HALTED, "Halted")?;
			let value = Held::take(from, vintage);
			Held::mutate(to, vintage, |held| *held += value);
			Ok(value)
		};
	}
}

state! {
	/// Who votes.
	Voters: Vec<AccountId32> = Vec::new();
	/// Which halts followed whom.
	Followed: Vec<(AccountId32, AccountId32)> = Vec::new();
}

impl Electorate<AccountId32> for Voters {
	short! {
		fn members() -> Vec<AccountId32> = Voters::get();
		fn set(sorted: Vec<AccountId32>) = Voters::set(sorted);
		fn voted() -> Vec<(AccountId32, u32)> = Vec::new();
	}
}

impl Halts<AccountId32> for Followed {
	unused! { "points neither leave nor are made in these tests but by a recovery";
		fn ensure_may_leave(_: &AccountId32, _: ProgramId) -> DispatchResult;
		fn ensure_may_make(_: ProgramId) -> DispatchResult;
	}

	short! {
		fn copy_halt(from: &AccountId32, to: &AccountId32) =
			Followed::mutate(|all| all.push((from.clone(), to.clone())));
		fn halted_at(_: Moment) -> Vec<AccountId32> = Vec::new();
	}

	fn without_halts<R>(act: impl FnOnce() -> R) -> R {
		act()
	}
}

parameter_types! {
	pub const Agreed: CustomerRules = CustomerRules {
		window: WINDOW,
		limit: LIMIT,
		exchange_age: AGE,
		recovery_delay: DELAY,
		sponsor_quota: QUOTA,
	};
}

impl pallet_customers::Config for Test {
	type DeadlineClock = Deadlines<Timestamp>;
	type Halts = Followed;
	type Holdings = Wallets;
	type MemberOrigin = EnsureMember<Test>;
	type Members = Institutions;
	type Rules = Agreed;
	type Signature = MultiSignature;
	type Time = Timestamp;
	type WeightInfo = ();
}

/// An alliance of three at `START`, and people with accounts.
pub fn genesis() -> sp_io::TestExternalities {
	let founders = MEMBERS.map(|key| (key.to_account_id(), format!("{key:?}")));
	let people = PEOPLE.map(|key| (key.to_account_id(), 10));
	let balances = founders.iter().map(|(who, _)| (who.clone(), 3 * BOND)).chain(people).collect();
	let genesis = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
		institutions: pallet_institutions::GenesisConfig { founders: founders.into() },
		..Default::default()
	};
	chain(genesis, || Timestamp::set_timestamp(START))
}

short! {
	/// Runs `test` in such an alliance.
	pub fn run(test: impl FnOnce()) = run_on(genesis(), test);
	pub fn now() -> Moment = Timestamp::get();
	/// Time passes.
	pub fn pass(duration: Moment) = Timestamp::set_timestamp(now() + duration);
	/// The account of a key, and the key of an institution.
	pub fn id(key: Sr25519Keyring) -> AccountId32 = key.to_account_id();
	pub fn member(institution: InstitutionId) -> Sr25519Keyring = MEMBERS[institution as usize - 1];
	/// A call of a person, and of an institution.
	pub fn signed(key: Sr25519Keyring) -> RuntimeOrigin = RuntimeOrigin::signed(id(key));
	pub fn by(institution: InstitutionId) -> RuntimeOrigin = signed(member(institution));
	/// The tag of the `n`-th person.
	pub fn tag(n: u8) -> Tag = Tag::repeat_byte(n);
	pub fn commitment() -> H256 = H256::repeat_byte(0xcc);
	/// Registers the account of `key`, which may be recovered.
	pub fn register(institution: InstitutionId, key: Sr25519Keyring, tag: Tag) -> DispatchResult =
		register_with(institution, key, tag, true);
	pub fn unregister(key: Sr25519Keyring) -> DispatchResult = Customers::unregister(signed(key), id(key));
	/// The registrar unregisters an account.
	pub fn dismiss(institution: InstitutionId, key: Sr25519Keyring) -> DispatchResult =
		Customers::unregister(by(institution), id(key));
	pub fn spend(key: Sr25519Keyring, value: Balance) -> Result<Moment, DispatchError> =
		Customers::spend(&id(key), value);
	/// Something of the value of a payment in the window that began at `window` came back.
	pub fn give_back(key: Sr25519Keyring, value: Balance, window: Moment) =
		Customers::restore_limit(&id(key), value, window);
	/// The person of the `n`-th tag for whom an institution vouches.
	pub fn person(n: u8, voucher: InstitutionId) -> Option<Person> =
		crate::Persons::<Test>::get(PersonId { tag: tag(n), voucher });
	pub fn forget(key: Sr25519Keyring) -> DispatchResult = Customers::forget(signed(key));
	/// Somebody else, who signs calls that anybody may make.
	pub fn complete(old: Sr25519Keyring) -> DispatchResult = Customers::complete_recovery(by(CAFE), id(old));
	/// The key signs some transaction.
	pub fn signs(key: Sr25519Keyring) = System::inc_account_nonce(id(key));
	pub fn hold(key: Sr25519Keyring, vintage: AssetId, value: Balance) = Held::insert(id(key), vintage, value);
	pub fn registration(key: Sr25519Keyring) -> Option<Registration> = crate::Registrations::<Test>::get(id(key));
	pub fn recovery(old: Sr25519Keyring) -> Option<crate::Recovery<AccountId32, u32>> =
		crate::Recoveries::<Test>::get(id(old));
	pub fn successor(old: Sr25519Keyring) -> Option<AccountId32> = Customers::successor(&id(old));
}

/// The consent of `key` to be registered by `institution`, signed.
pub fn sign(
	key: Sr25519Keyring,
	institution: InstitutionId,
	tag: Tag,
	may_recover: bool,
	until: Moment,
) -> MultiSignature {
	key.sign(&Customers::consent(institution, id(key), commitment(), tag, may_recover, until)).into()
}

/// Registers the account of `key` with a consent that allows recovering if `may_recover`.
pub fn register_with(
	institution: InstitutionId,
	key: Sr25519Keyring,
	tag: Tag,
	may_recover: bool,
) -> DispatchResult {
	let until = now() + CONSENT_LIFETIME;
	let signature = sign(key, institution, tag, may_recover, until);
	Customers::register(by(institution), id(key), commitment(), tag, may_recover, until, signature)
}

/// What is left of somebody's limit, and how many accounts share it.
pub fn left(key: Sr25519Keyring) -> (Balance, u32) {
	let customer = Customers::customer(id(key)).unwrap();
	(customer.left, customer.accounts)
}

/// `guest` counts with `host` from now on, by both their signatures.
pub fn join(guest: Sr25519Keyring, host: Sr25519Keyring) -> DispatchResult {
	let until = now() + 1_000;
	let signature = host.sign(&Customers::invitation(id(host), id(guest), until)).into();
	Customers::join_accounts(signed(guest), id(host), until, signature)
}

/// Blocks go by for as long, with room for what is done when nothing else is.
pub fn pass_idly(duration: Moment) {
	pass(duration);
	for _ in 0..4 {
		Customers::on_idle(1, Weight::MAX);
	}
}

/// What is kept of anybody, apart from the institutions.
pub fn kept() -> usize {
	crate::Registrations::<Test>::iter().count()
		+ crate::Persons::<Test>::iter().count()
		+ crate::AccountOf::<Test>::iter().count()
		+ crate::FormerAccounts::<Test>::iter().count()
		+ crate::WithdrawnConsents::<Test>::iter().count()
		+ crate::RetentionQueue::<Test>::iter().count()
		+ crate::Successors::<Test>::iter().count()
		+ crate::Predecessors::<Test>::iter().count()
		+ crate::Recoveries::<Test>::iter().count()
		+ crate::RecoveryExposures::<Test>::iter().count()
}

pub fn recover(
	institution: InstitutionId,
	old: Sr25519Keyring,
	new: Sr25519Keyring,
	vintages: impl IntoIterator<Item = AssetId>,
) -> DispatchResult {
	let vintages = BoundedVec::try_from(vintages.into_iter().collect::<Vec<_>>()).unwrap();
	let until = now() + CONSENT_LIFETIME;
	let signature = new.sign(&Customers::acceptance(institution, id(old), id(new), until)).into();
	Customers::open_recovery(by(institution), id(old), id(new), vintages, until, signature)
}

/// Ann is a customer of the bank, holds 300 of vintage 1 and 200 of vintage 2, and loses her key: a
/// recovery to Ben's account is open.
pub fn lose_key() {
	assert_ok!(register(BANK, ANN, tag(1)));
	hold(ANN, 1, 300);
	hold(ANN, 2, 200);
	assert_ok!(recover(BANK, ANN, BEN, [1, 2]));
}

/// What an account holds of vintages, 0 left out.
pub fn held(key: Sr25519Keyring) -> Vec<(AssetId, Balance)> {
	let mut held: Vec<_> = Held::iter_prefix(id(key)).filter(|(_, value)| *value > 0).collect();
	held.sort();
	held
}

/// The number of recoveries of an institution, and their worth.
pub fn at_stake(institution: InstitutionId) -> (u32, Balance) {
	let RecoveryExposure { recoveries, worth } = crate::RecoveryExposures::<Test>::get(institution);
	(recoveries, worth)
}

/// The vintages of a recovery with their values.
pub fn claims(old: Sr25519Keyring) -> Vec<(AssetId, Balance)> {
	let claims = recovery(old).unwrap().items;
	claims.iter().map(|RecoveryItem { vintage, value }| (*vintage, *value)).collect()
}
