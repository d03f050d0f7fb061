use crate as pallet_conduct;
use crate::{Complaint, ConductRecord, Fine, FineId};
use frame_support::{
	derive_impl, parameter_types,
	traits::{
		fungible::{InspectHold, Mutate},
		tokens::Preservation,
		ConstU128, ConstU32, ConstU64, Hooks,
	},
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{
	Balance, Conduct as _, EraEndList, EraEndState, EraEndStep, EraIndex, InstitutionId, Members as _,
	Moment, OffenceKind, OnEraEnd, OnInterchangeCollected as _, Order, Penalty, ServiceReport,
};
use pallet_institutions::EnsureMember;
use sp_core::H256;
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};
use std::collections::BTreeMap;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Timestamp: pallet_timestamp,
		Balances: pallet_balances,
		Institutions: pallet_institutions,
		Conduct: pallet_conduct,
	}
);

/// Accounts 1 to 4 are institutions 1 to 4; see [`genesis_of`] for more.
pub const SHOP: InstitutionId = 1;
pub const CAFE: InstitutionId = 2;
pub const BANK: InstitutionId = 3;
pub const HOTEL: InstitutionId = 4;
pub const MEMBERS: u64 = 4;
/// Customers, with an account of one micro-unit more than it must have.
pub const ANN: u64 = 101;
pub const BEN: u64 = 102;
pub const CAT: u64 = 103;
/// A customer without a single settlement unit.
pub const POOR: u64 = 104;
pub const POT: u64 = 99;
/// What every account must have.
pub const ED: Balance = 10;

pub const BOND: Balance = 10_000;
/// What every member has beside its bond.
pub const FREE: Balance = 1_000;
pub const ERA: Moment = 100_000;
pub const APPEAL: Moment = 250_000;
pub const ANSWER: Moment = 30_000;
pub const CASE: Moment = 50_000;
pub const DEPOSIT: Balance = 100;
pub const DECAY: u32 = 3;
/// What bringing a case costs.
pub const COST: Balance = 20;
pub const START: Moment = 1_790_000_000_000;

parameter_types! {
	pub static AdmissionBond: Balance = BOND;
	pub static RequiredBond: Balance = BOND;
	pub static AppealTime: Moment = APPEAL;
	pub static AnswerTime: Moment = ANSWER;
	pub static CaseTime: Moment = CASE;
	pub static OfflineEras: u32 = 2;
	/// The price list; what is not in it costs nothing.
	pub static Prices: Vec<(OffenceKind, Penalty)> = Vec::new();
	/// What authorities did in this era.
	pub static Served: Vec<ServiceReport> = Vec::new();
	/// How many authorities may be stopped.
	pub static Dispensable: u32 = 10;
	/// Whose authority cannot be stopped at all.
	pub static Unstoppable: Option<InstitutionId> = None;
	/// What members cannot pay of what is found against them.
	pub static Short: Vec<InstitutionId> = Vec::new();
	/// What the chain takes for its work, whatever it weighs.
	pub static Fee: Balance = 0;
	/// Who recovered whose account.
	pub static Heirs: BTreeMap<u64, u64> = BTreeMap::new();
}

hanse_testing::money!(ED);

hanse_testing::timestamp!();

pub struct Books;
impl hanse_primitives::Eras for Books {
	fn current() -> EraIndex {
		((Timestamp::get() - START) / ERA) as EraIndex
	}

	fn order_eras() -> u32 {
		1
	}

	fn length() -> Moment {
		ERA
	}

	fn first_open() -> EraIndex {
		EraEnds::get().map_or_else(Self::current, |state| state.first_open)
	}
}

/// How far the ends of eras are processed.
#[frame_support::storage_alias]
pub type EraEnds = StorageValue<Books, EraEndState>;

impl EraEndList for Books {
	const STEPS: &'static [EraEndStep] = &[<Conduct as OnEraEnd>::on_era_end];
}

/// Nothing is to be done for the eras that are over.
pub fn skip_era_end() {
	EraEnds::put(EraEndState::new(era()));
}

impl hanse_primitives::Penalties for Books {
	fn of(offence: OffenceKind) -> Penalty {
		Prices::get()
			.into_iter()
			.find(|(other, _)| *other == offence)
			.map(|(_, price)| price)
			.unwrap_or_default()
	}
}

impl hanse_primitives::Customers<u64> for Books {
	hanse_testing::unused! { "nobody spends";
		fn spend(_: &u64, _: Balance) -> Result<Moment, DispatchError>;
		fn restore_limit(_: &u64, _: Balance, _: Moment);
	}

	hanse_testing::unused! { "nobody exchanges";
		fn ensure_may_exchange(_: &u64) -> DispatchResult;
	}

	fn successor(account: &u64) -> Option<u64> {
		Heirs::get().get(account).copied()
	}

	hanse_testing::unused! { "this pallet takes nothing but transactions";
		fn note_signature(_: &u64);
	}
}

/// Whose authority is stopped; in storage, so that what fails stops nobody.
#[frame_support::storage_alias]
pub type Stopped = StorageValue<TestServices, Vec<InstitutionId>, frame_support::pallet_prelude::ValueQuery>;

pub struct TestServices;
impl hanse_primitives::ServiceReports for TestServices {
	fn take_reports() -> Vec<ServiceReport> {
		Served::take()
	}

	fn current_report(id: InstitutionId) -> ServiceReport {
		let found = Served::get().into_iter().find(|service| service.institution == id);
		found.unwrap_or(ServiceReport { institution: id, whole: false, offline: false })
	}

	fn stop_authority(id: InstitutionId) -> DispatchResult {
		frame_support::ensure!(Unstoppable::get() != Some(id), "Unchanged");
		frame_support::ensure!(Stopped::get().len() < Dispensable::get() as usize, "TooFewAuthorities");
		Stopped::append(id);
		Ok(())
	}
}

/// What is left of a price, whether its refund window is open, and whether it is kept.
pub type Receipt = (Balance, bool, bool);
#[frame_support::storage_alias]
pub type Bills =
	StorageMap<TestReceipts, frame_support::Blake2_128Concat, (InstitutionId, u64, Order), Receipt>;

pub struct TestReceipts;
impl hanse_primitives::Chargebacks<u64> for TestReceipts {
	fn refundable(merchant: InstitutionId, payer: &u64, order: Order) -> Option<Balance> {
		Bills::get((merchant, payer, order)).filter(|(_, open, _)| *open).map(|(left, ..)| left)
	}

	fn hold_for_dispute(merchant: InstitutionId, payer: &u64, order: Order) -> DispatchResult {
		let (left, open, _) = Bills::get((merchant, payer, order)).ok_or("NotFound")?;
		Bills::insert((merchant, payer, order), (left, open, true));
		Ok(())
	}

	fn release_from_dispute(merchant: InstitutionId, payer: &u64, order: Order) {
		if let Some((left, open, _)) = Bills::get((merchant, payer, order)) {
			Bills::insert((merchant, payer, order), (left, open, false));
		}
	}

	fn charge_back(merchant: InstitutionId, payer: &u64, order: Order) -> Result<Balance, DispatchError> {
		let (left, open, kept) = Bills::get((merchant, payer, order)).ok_or("NotFound")?;
		assert!(open || kept, "a receipt was not kept");
		Bills::insert((merchant, payer, order), (0, open, kept));
		Ok(left)
	}

	fn burn_count(_: InstitutionId, _: &u64, _: Order) -> u32 {
		1
	}
}

/// What members owe by judgements and could not pay; in storage, so that what fails leaves nothing.
#[frame_support::storage_alias]
pub type Arrears = StorageMap<
	TestVerdicts,
	frame_support::Twox64Concat,
	InstitutionId,
	Balance,
	frame_support::pallet_prelude::ValueQuery,
>;

/// Judgements are paid from free balance, and what is left is written down.
pub struct TestVerdicts;
impl hanse_primitives::JudgementDebts<u64> for TestVerdicts {
	fn owe_judgement(debtor: InstitutionId, creditor: &u64, value: Balance) -> DispatchResult {
		let from = u64::from(debtor);
		let has = if Short::get().contains(&debtor) { 0 } else { free(from).min(value) };
		let paid = <Balances as Mutate<u64>>::transfer(&from, creditor, has, Preservation::Expendable);
		let left = if paid.is_ok() { value - has } else { value };
		Arrears::mutate(debtor, |arrears| *arrears += left);
		Ok(())
	}

	hanse_testing::unused! { "receipts are paid back by who has them";
		fn owe_refund_by_judgement(_: InstitutionId, _: InstitutionId, _: Balance) -> DispatchResult;
	}

	fn weight(_: InstitutionId) -> Weight {
		Weight::zero()
	}
}

/// The same for everything.
pub struct FreeOfCharge;
impl sp_runtime::traits::Convert<Weight, Balance> for FreeOfCharge {
	fn convert(_: Weight) -> Balance {
		Fee::get()
	}
}

hanse_testing::alliance!(
	AdmissionBond = AdmissionBond,
	PendingClaims = Conduct,
	Clearing = (),
	Eras = Books,
	Liabilities = (),
	Programs = (),
	RefundWindow = ConstU32<0>,
	RequiredBond = RequiredBond,
);

impl pallet_conduct::Config for Test {
	type AdmissionBond = AdmissionBond;
	type AnswerTime = AnswerTime;
	type AppealTime = AppealTime;
	type CaseCost = ConstU128<COST>;
	type CaseDeposit = ConstU128<DEPOSIT>;
	type CaseTime = CaseTime;
	type DeadlineClock = hanse_primitives::NeverStops<Timestamp>;
	type Currency = Balances;
	type Customers = Books;
	type DemeritDecay = ConstU32<DECAY>;
	type Electorate = Voters;
	type Eras = Books;
	type MemberOrigin = EnsureMember<Test>;
	type Members = Institutions;
	type OfflineEras = OfflineEras;
	type Penalties = Books;
	type Pot = ConstU64<POT>;
	type Chargebacks = TestReceipts;
	type RequiredBond = RequiredBond;
	type ReverseOrigin = frame_system::EnsureRoot<u64>;
	type RuntimeHoldReason = RuntimeHoldReason;
	type ServiceReports = TestServices;
	type MemberStatus = Institutions;
	type UpholdOrigin = frame_system::EnsureRoot<u64>;
	type JudgementDebts = TestVerdicts;
	type WeightInfo = ();
	type WeightToFee = FreeOfCharge;
}

/// An alliance of `members` at `START`, with customers and a pot that has what it must have.
pub fn genesis_of(members: u64) -> sp_io::TestExternalities {
	AdmissionBond::set(BOND);
	RequiredBond::set(BOND);
	AppealTime::set(APPEAL);
	AnswerTime::set(ANSWER);
	CaseTime::set(CASE);
	OfflineEras::set(2);
	Voters::set(Vec::new());
	Prices::set(Vec::new());
	Served::set(Vec::new());
	Dispensable::set(10);
	Unstoppable::set(None);
	Short::set(Vec::new());
	Fee::set(0);
	Heirs::set(BTreeMap::new());
	let balances = (1..=members)
		.map(|account| (account, BOND + FREE))
		.chain([ANN, BEN, CAT].map(|account| (account, ED + 1)))
		.chain([(POT, ED)])
		.collect();
	let mut ext: sp_io::TestExternalities = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
		institutions: pallet_institutions::GenesisConfig {
			founders: (1..=members).map(|account| (account, format!("Institution {account}"))).collect(),
		},
		..Default::default()
	}
	.build_storage()
	.unwrap()
	.into();
	ext.execute_with(|| {
		System::set_block_number(1);
		Timestamp::set_timestamp(START);
		// The first block, which begins an era and ends none.
		poll();
	});
	ext
}

pub fn genesis() -> sp_io::TestExternalities {
	genesis_of(MEMBERS)
}

/// Runs `test` in an alliance of `members`, and checks the invariants and that money neither appeared nor
/// vanished.
pub fn run_with(members: u64, test: impl FnOnce()) {
	genesis_of(members).execute_with(|| {
		let before = Balances::total_issuance();
		test();
		check();
		assert_eq!(Balances::total_issuance(), before);
	});
}

pub fn run(test: impl FnOnce()) {
	run_with(MEMBERS, test)
}

pub fn check() {
	Conduct::do_try_state().unwrap();
	Institutions::do_try_state().unwrap();
}

pub fn now() -> Moment {
	Timestamp::get()
}

pub fn era() -> EraIndex {
	<Books as hanse_primitives::Eras>::current()
}

/// What a block does, with room for everything.
pub fn poll() {
	poll_within(&mut WeightMeter::new());
}

fn poll_within(meter: &mut WeightMeter) {
	let mut state = EraEnds::get().unwrap_or(EraEndState::new(era()));
	state.advance::<Books>(era(), meter);
	EraEnds::put(state);
	Conduct::on_poll(System::block_number(), meter);
}

/// What a block does that has room for so much.
pub fn poll_with(room: u64) {
	poll_within(&mut WeightMeter::with_limit(Weight::from_parts(room, u64::MAX)));
}

/// Time passes, and then a block does what is due.
pub fn pass(duration: Moment) {
	System::set_block_number(System::block_number() + 1);
	Timestamp::set_timestamp(now() + duration);
	poll();
}

/// The next era begins.
pub fn next_era() {
	pass(ERA - (now() - START) % ERA);
}

/// From now on, `offence` costs so much.
pub fn price(offence: OffenceKind, penalty: Penalty) {
	Prices::mutate(|prices| {
		prices.retain(|(other, _)| *other != offence);
		prices.push((offence, penalty));
	});
}

/// A price of so many ppm of the bond, and nothing else.
pub fn fine_of(fine: u32) -> Penalty {
	Penalty { fine, ..Default::default() }
}

/// A member does something.
pub fn does(member: InstitutionId, offence: OffenceKind) {
	Conduct::record_offence(member, offence)
}

/// These ran authorities all era.
pub fn serve(members: impl IntoIterator<Item = InstitutionId>) {
	Served::mutate(|served| {
		served.extend(members.into_iter().map(|institution| ServiceReport {
			institution,
			whole: true,
			offline: false,
		}))
	});
}

/// These were offline at some end of a session.
pub fn fail(members: impl IntoIterator<Item = InstitutionId>) {
	Served::mutate(|served| {
		served.extend(members.into_iter().map(|institution| ServiceReport {
			institution,
			whole: false,
			offline: true,
		}))
	});
}

/// Interchange of a merchant's receipts reaches the pot: out of the pocket of `payer`.
pub fn earns(merchant: InstitutionId, payer: u64, interchange: Balance) {
	<Balances as Mutate<u64>>::transfer(&payer, &POT, interchange, Preservation::Preserve).unwrap();
	Conduct::on_interchange_collected(merchant, interchange).unwrap();
}

pub fn fill_pot(amount: Balance) {
	let _ = <Balances as Mutate<u64>>::mint_into(&POT, amount);
}

pub fn free(account: u64) -> Balance {
	Balances::free_balance(account)
}

pub fn bond(member: InstitutionId) -> Balance {
	Institutions::bond(member)
}

pub fn escrow(member: InstitutionId) -> Balance {
	Balances::balance_on_hold(&crate::HoldReason::Fine.into(), &u64::from(member))
}

pub fn deposit_of(member: InstitutionId) -> Balance {
	Balances::balance_on_hold(&crate::HoldReason::Case.into(), &u64::from(member))
}

/// The pot, less what it must have.
pub fn pot() -> Balance {
	free(POT) - ED
}

pub fn record(member: InstitutionId) -> ConductRecord {
	crate::ConductRecords::<Test>::get(member).unwrap_or_default()
}

pub fn fine(member: InstitutionId, number: u32) -> Option<Fine<u64>> {
	crate::Fines::<Test>::get(member, number)
}

pub fn is_active(member: InstitutionId) -> bool {
	Institutions::may_operate(member)
}

pub fn order(n: u64) -> Order {
	Order { era: 0, commitment: H256::from_low_u64_be(n) }
}

pub fn hash(n: u64) -> H256 {
	H256::from_low_u64_be(n)
}

/// A customer paid.
pub fn pays(merchant: InstitutionId, payer: u64, n: u64, amount: Balance) {
	Bills::insert((merchant, payer, order(n)), (amount, true, false));
}

pub fn receipt(merchant: InstitutionId, payer: u64, n: u64) -> Receipt {
	Bills::get((merchant, payer, order(n))).unwrap()
}

/// The refund window of a receipt closes.
pub fn close_window(merchant: InstitutionId, payer: u64, n: u64) {
	Bills::mutate((merchant, payer, order(n)), |bill| bill.as_mut().unwrap().1 = false);
}

pub fn complain(merchant: InstitutionId, payer: u64, n: u64) -> DispatchResult {
	Conduct::file_complaint(RuntimeOrigin::signed(payer), merchant, payer, order(n), hash(n))
}

/// A customer paid, and complains.
pub fn complaint_about(merchant: InstitutionId, payer: u64, n: u64, amount: Balance) {
	pays(merchant, payer, n, amount);
	complain(merchant, payer, n).unwrap();
}

pub fn by(member: InstitutionId) -> RuntimeOrigin {
	RuntimeOrigin::signed(member.into())
}

pub fn answer(merchant: InstitutionId, up_to: u64) -> DispatchResult {
	Conduct::answer_complaints(by(merchant), up_to, hash(up_to))
}

pub fn bring(member: InstitutionId, merchant: InstitutionId, number: u64) -> DispatchResult {
	Conduct::open_case(by(member), merchant, number)
}

pub fn uphold(merchant: InstitutionId, number: u64) -> DispatchResult {
	Conduct::uphold_complaint(RuntimeOrigin::root(), merchant, number)
}

pub fn reverse(member: InstitutionId, number: u32) -> DispatchResult {
	Conduct::reverse_fine(RuntimeOrigin::root(), FineId { member, number })
}

pub fn complaint(merchant: InstitutionId, number: u64) -> Option<Complaint<u64>> {
	Conduct::complaint(merchant, number)
}

pub fn last_event(event: crate::Event<Test>) {
	System::assert_last_event(event.into());
}

pub fn has_event(event: crate::Event<Test>) {
	System::assert_has_event(event.into());
}
