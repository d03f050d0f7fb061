use crate as pallet_conduct;
use crate::{Complaint, ConductRecord, Fine, FineId};
use frame_support::traits::{
	fungible::{InspectHold, Mutate},
	tokens::Preservation,
};
use hanse_primitives::{
	Conduct as _, EraEndState, Eras, Members as _, OnInterchangeCollected as _, Penalty, ServiceReport,
};
pub use hanse_testing::*;
use pallet_institutions::EnsureMember;

hanse_testing::runtime!(
	Timestamp: pallet_timestamp,
	Balances: pallet_balances;
	Institutions: pallet_institutions,
	Conduct: pallet_conduct,
);

hanse_testing::money!(ED);

hanse_testing::timestamp!();

hanse_testing::alliance!(
	AdmissionBond = ConstU128<BOND>,
	PendingClaims = Conduct,
	Clearing = (),
	Electorate = Voters,
	Eras = EraClock,
	Liabilities = (),
	Programs = (),
	RefundWindow = ConstU32<0>,
	RequiredBond = RequiredBond,
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

state! {
	RequiredBond: Balance = BOND;
	AppealTime: Moment = APPEAL;
	AnswerTime: Moment = ANSWER;
}

pub type EraClock = hanse_testing::TimedEras<Timestamp, START, ERA, 1>;

impl pallet_conduct::Config for Test {
	type AdmissionBond = ConstU128<BOND>;
	type AnswerTime = AnswerTime;
	type AppealTime = AppealTime;
	type CaseCost = ConstU128<COST>;
	type CaseDeposit = ConstU128<DEPOSIT>;
	type CaseTime = ConstU64<CASE>;
	type Chargebacks = Billing;
	type Currency = Balances;
	type Customers = People<Timestamp>;
	type DeadlineClock = NeverStops<Timestamp>;
	type DemeritDecay = ConstU32<DECAY>;
	type Electorate = Voters;
	type Eras = EraClock;
	type JudgementDebts = PaidJudgements<Balances>;
	type MemberOrigin = EnsureMember<Test>;
	type MemberStatus = Institutions;
	type Members = Institutions;
	type OfflineEras = ConstU32<2>;
	type Penalties = Prices;
	type Pot = ConstU64<POT>;
	type RequiredBond = RequiredBond;
	type ReverseOrigin = frame_system::EnsureRoot<u64>;
	type RuntimeHoldReason = RuntimeHoldReason;
	type ServiceReports = Served;
	type UpholdOrigin = frame_system::EnsureRoot<u64>;
	type WeightInfo = ();
	type WeightToFee = Fee;
}

/// An alliance of `members` at `START`, with customers and a pot that has what it must have.
pub fn genesis_of(members: u64) -> sp_io::TestExternalities {
	let balances = (1..=members)
		.map(|account| (account, BOND + FREE))
		.chain([ANN, BEN, CAT].map(|account| (account, ED + 1)))
		.chain([(POT, ED)])
		.collect();
	let founders = (1..=members).map(|account| (account, format!("Institution {account}"))).collect();
	let genesis = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
		institutions: pallet_institutions::GenesisConfig { founders },
		..Default::default()
	};
	chain(genesis, || {
		Timestamp::set_timestamp(START);
		// The first block, which begins an era and ends none.
		poll();
	})
}

short! {
	pub fn genesis() -> sp_io::TestExternalities = genesis_of(MEMBERS);
	/// Runs `test` in an alliance of four.
	pub fn run(test: impl FnOnce()) = run_on(genesis(), test);
	pub fn now() -> Moment = Timestamp::get();
	pub fn era() -> EraIndex = EraClock::current();
	/// Nothing is to be done for the eras that are over.
	pub fn skip_era_end() = EraEnds::set(Some(EraEndState::new(era())));
	/// What a block does, with room for everything, and with room for so much.
	pub fn poll() = poll_within(&mut WeightMeter::new());
	pub fn poll_with(room: u64) = poll_within(&mut WeightMeter::with_limit(Weight::from_parts(room, u64::MAX)));
	/// The next era begins.
	pub fn next_era() = pass(ERA - (now() - START) % ERA);
	/// A price of so many ppm of the bond, and nothing else.
	pub fn fine_of(fine: u32) -> Penalty = Penalty { fine, ..Default::default() };
	/// A member does something.
	pub fn does(member: InstitutionId, offence: OffenceKind) = Conduct::record_offence(member, offence);
	/// These ran authorities all era, or were offline at some end of a session.
	pub fn serve(members: impl IntoIterator<Item = InstitutionId>) = served(members, true);
	pub fn fail(members: impl IntoIterator<Item = InstitutionId>) = served(members, false);
	pub fn fill_pot(amount: Balance) = assert_eq!(Balances::mint_into(&POT, amount), Ok(amount));
	pub fn free(account: u64) -> Balance = Balances::free_balance(account);
	pub fn bond(member: InstitutionId) -> Balance = Institutions::bond(member);
	pub fn escrow(member: InstitutionId) -> Balance =
		Balances::balance_on_hold(&crate::HoldReason::Fine.into(), &u64::from(member));
	pub fn deposit_of(member: InstitutionId) -> Balance =
		Balances::balance_on_hold(&crate::HoldReason::Case.into(), &u64::from(member));
	/// The pot, less what it must have.
	pub fn pot() -> Balance = free(POT) - ED;
	pub fn record(member: InstitutionId) -> ConductRecord =
		crate::ConductRecords::<Test>::get(member).unwrap_or_default();
	pub fn fine(member: InstitutionId, number: u32) -> Option<Fine<u64>> = crate::Fines::<Test>::get(member, number);
	pub fn is_active(member: InstitutionId) -> bool = Institutions::may_operate(member);
	pub fn order(n: u64) -> Order = Order { era: 0, commitment: hash(n) };
	pub fn hash(n: u64) -> H256 = H256::from_low_u64_be(n);
	/// A customer paid.
	pub fn pays(merchant: InstitutionId, payer: u64, n: u64, amount: Balance) =
		Bills::insert((merchant, payer, order(n)), (amount, true, false));
	pub fn receipt(merchant: InstitutionId, payer: u64, n: u64) -> Bill =
		Bills::get((merchant, payer, order(n))).unwrap();
	/// The refund window of a receipt closes.
	pub fn close_window(merchant: InstitutionId, payer: u64, n: u64) =
		Bills::mutate_extant((merchant, payer, order(n)), |bill| bill.1 = false);
	pub fn complain(merchant: InstitutionId, payer: u64, n: u64) -> DispatchResult =
		Conduct::file_complaint(signed(payer), merchant, payer, order(n), hash(n));
	pub fn complaint(merchant: InstitutionId, number: u64) -> Option<Complaint<u64>> =
		Conduct::complaint(merchant, number);
	pub fn answer(merchant: InstitutionId, up_to: u64) -> DispatchResult =
		Conduct::answer_complaints(by(merchant), up_to, hash(up_to));
	pub fn bring(member: InstitutionId, merchant: InstitutionId, number: u64) -> DispatchResult =
		Conduct::open_case(by(member), merchant, number);
	pub fn uphold(merchant: InstitutionId, number: u64) -> DispatchResult =
		Conduct::uphold_complaint(RuntimeOrigin::root(), merchant, number);
	pub fn reverse(member: InstitutionId, number: u32) -> DispatchResult =
		Conduct::reverse_fine(RuntimeOrigin::root(), FineId { member, number });
}

fn poll_within(meter: &mut WeightMeter) {
	end_eras::<EraClock, Conduct>(meter);
	Conduct::on_poll(System::block_number(), meter);
}

/// Time passes, and then a block does what is due.
pub fn pass(duration: Moment) {
	System::set_block_number(System::block_number() + 1);
	Timestamp::set_timestamp(now() + duration);
	poll();
}

/// From now on, `offence` costs so much.
pub fn price(offence: OffenceKind, penalty: Penalty) {
	Prices::mutate(|prices| {
		prices.retain(|(other, _)| *other != offence);
		prices.push((offence, penalty));
	});
}

fn served(members: impl IntoIterator<Item = InstitutionId>, whole: bool) {
	let report = |institution| ServiceReport { institution, whole, offline: !whole };
	Served::mutate(|served| served.extend(members.into_iter().map(report)))
}

/// Interchange of a merchant's receipts reaches the pot: out of the pocket of `payer`.
pub fn earns(merchant: InstitutionId, payer: u64, interchange: Balance) {
	Balances::transfer(&payer, &POT, interchange, Preservation::Preserve).unwrap();
	Conduct::on_interchange_collected(merchant, interchange).unwrap();
}

/// A customer paid, and complains.
pub fn complaint_about(merchant: InstitutionId, payer: u64, n: u64, amount: Balance) {
	pays(merchant, payer, n, amount);
	complain(merchant, payer, n).unwrap();
}
