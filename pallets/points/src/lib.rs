//! Loyalty points: programs, vintages, issuing, expiry.
//!
//! # Terminology
//! - *program*: one institution's points, with terms: face value, period, validity, decimals.
//! - *vintage*: the points of one program issued in one period under one set of terms, and **one
//!   `pallet-assets` asset**, so that every wallet shows and transfers points without knowing Hanse.
//! - *smallest unit*: the indivisible unit of points; decimals are for display only.
//! - *face value*: whole settlement micro-units that the issuer owes for one smallest unit.
//! - *outstanding value*: what an institution owes to all holders of its points.
//! - *breakage*: points that expired unused; they are the issuer's.
//!
//! # Overview
//! Vintages open lazily, at the first award of a period. Their assets are owned by this pallet's own
//! account and marked sufficient, so a holder needs no other token. Spending takes the vintage that
//! expires first, then the lower asset id.
//!
//! A vintage is expired from its moment on, tested by date. The first block at or after it books the
//! breakage: a fixed number of writes whatever the number of holders. What is left of the accounts is
//! swept in pieces by blocks that have nothing else to do.
//!
//! # Invariants
//! 1. Per program: issued + exchanged in − redeemed at home − redeemed at partners − exchanged out −
//!    expired = Σ supply of its open vintages (`Flows` are the roll-forward that IFRS 15 asks for).
//! 2. Outstanding value of an institution = Σ over its open vintages of supply × face value.
//! 3. Every open vintage is in the agenda once, under its expiry, and nothing else is.
//! 4. The programs of an institution are the programs that name it as their issuer.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod expiry;
mod impls;
pub mod math;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use frame_support::{
		pallet_prelude::*,
		traits::{fungibles, Time},
		weights::WeightMeter,
		PalletId,
	};
	use frame_system::pallet_prelude::*;
	use hanse_primitives::{
		AssetId, Balance, Clearing, EraIndex, Eras, InstitutionId, Members, Moment, Name, Order, ProgramId,
		MAX_AWARDS, MAX_PROGRAMS,
	};
	use sp_core::H256;

	#[pallet::pallet]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The account of an institution.
		type MemberOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = InstitutionId>;

		/// Who belongs to the alliance, and its bonds.
		type Members: Members<Self::AccountId>;

		/// The reserves that stand behind points, beside the bonds.
		type Clearing: Clearing;

		/// The assets that vintages are.
		type Assets: fungibles::Create<Self::AccountId, AssetId = AssetId, Balance = Balance>
			+ fungibles::Destroy<Self::AccountId>
			+ fungibles::Mutate<Self::AccountId>
			+ fungibles::metadata::Mutate<Self::AccountId>;

		/// The chain's clock.
		type Time: Time<Moment = Moment>;

		/// The clock of accounting eras.
		type Eras: Eras;

		/// Owns the assets of all vintages.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// Outstanding value at most, in per cent of bond and reserve. The same for everybody.
		type LiabilityRatio: Get<u32>;

		/// The shortest period of a program, in milliseconds.
		#[pallet::constant]
		type MinPeriod: Get<Moment>;

		/// The longest validity of points after the end of their period, in milliseconds.
		type MaxValidity: Get<Moment>;

		/// Vintages whose breakage is booked in one block at most.
		#[pallet::constant]
		type MaxExpiriesPerBlock: Get<u32>;

		/// Weights of calls and hooks.
		type WeightInfo: WeightInfo;
	}

	/// The programs, each with its open vintages: what a payment needs, in one read.
	#[pallet::storage]
	pub type Programs<T: Config> = StorageMap<_, Twox64Concat, ProgramId, Program>;

	/// How programs are called. Kept apart from `Programs`, since only an opening vintage needs it.
	#[pallet::storage]
	pub type Labels<T: Config> = StorageMap<_, Twox64Concat, ProgramId, Label>;

	/// The programs of each institution.
	#[pallet::storage]
	pub type ProgramsOf<T: Config> =
		StorageMap<_, Twox64Concat, InstitutionId, BoundedVec<ProgramId, ConstU32<MAX_PROGRAMS>>, ValueQuery>;

	/// The id of the program that was created last.
	#[pallet::storage]
	pub type LastProgram<T: Config> = StorageValue<_, ProgramId, ValueQuery>;

	/// What happened to each program's points, ever, in smallest units.
	#[pallet::storage]
	pub type FlowsOf<T: Config> = StorageMap<_, Twox64Concat, ProgramId, Flows, ValueQuery>;

	/// What each institution owes to the holders of its points, in settlement micro-units.
	#[pallet::storage]
	pub type Outstanding<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, Balance, ValueQuery>;

	/// Orders for which points were issued, so that a retry cannot issue twice: (era, program,
	/// commitment). The era is big-endian and unhashed, so that the oldest records come first and
	/// idle blocks can drop those whose era takes no orders any more.
	#[pallet::storage]
	pub type Awarded<T: Config> = StorageNMap<
		_,
		(NMapKey<Identity, [u8; 4]>, NMapKey<Twox64Concat, ProgramId>, NMapKey<Blake2_128Concat, H256>),
		(),
	>;

	/// Open vintages in the order in which they expire: (expiry, asset), both big-endian and unhashed,
	/// so that the first key is the next to expire.
	#[pallet::storage]
	pub type Agenda<T: Config> = StorageMap<_, Identity, ([u8; 8], [u8; 4]), ()>;

	/// Vintages whose breakage is booked and whose dead accounts are still to be swept.
	#[pallet::storage]
	pub type Closed<T: Config> = StorageMap<_, Twox64Concat, AssetId, ()>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An institution created a program.
		ProgramCreated { institution: InstitutionId, program: ProgramId, terms: Terms },
		/// The first points of a period are being issued.
		VintageOpened { program: ProgramId, asset: AssetId, face_value: u32, expires: Moment },
		/// Points were issued for one order; smallest units.
		PointsIssued { program: ProgramId, asset: AssetId, to: T::AccountId, amount: Balance },
		/// Points were issued for many orders; smallest units in all. The assets pallet names each holder.
		BatchIssued { program: ProgramId, asset: AssetId, awards: u32, amount: Balance },
		/// A vintage expired: its smallest units and the settlement micro-units no longer owed.
		VintageExpired { program: ProgramId, asset: AssetId, amount: Balance, value: Balance },
		/// Nothing is left of an expired vintage.
		VintageSwept { asset: AssetId },
	}

	#[pallet::error]
	pub enum Error<T> {
		/// There is no program of this id. Read `Programs` for those that exist.
		NotFound,
		/// The program belongs to another institution. Only the issuer issues.
		NotIssuer,
		/// The amount, or one award's amount, is zero.
		ZeroAmount,
		/// The batch is empty.
		NoAwards,
		/// Points were issued for this order already, or it stands in the batch twice.
		AlreadyIssued,
		/// The order's era is over or has not begun; orders are taken in their era and the next.
		EraNotOpen,
		/// The points would be worth more than the liability ratio allows on bond and reserve. Top up
		/// the reserve.
		OverLiabilityCap,
		/// A face value is 1 to 10,000 micro-units.
		InvalidFaceValue,
		/// Points have at most 6 decimals.
		InvalidDecimals,
		/// The period is shorter than `MinPeriod`.
		PeriodTooShort,
		/// The validity is zero, longer than six periods or longer than `MaxValidity`.
		InvalidValidity,
		/// A name has 1 to 32 bytes and a symbol 1 to 8 of `A-Z` and `0-9`.
		InvalidLabel,
		/// The institution has 16 programs.
		MaxProgramsExceeded,
		/// The program has 8 open vintages, or has had 65,536: create another.
		MaxVintagesExceeded,
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Create a program with `terms`. Its first period starts now.
		///
		/// Origin: an active institution. Errors: [`Error::InvalidLabel`], [`Error::InvalidFaceValue`],
		/// [`Error::InvalidDecimals`], [`Error::PeriodTooShort`], [`Error::InvalidValidity`],
		/// [`Error::MaxProgramsExceeded`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::create_program())]
		pub fn create_program(
			origin: OriginFor<T>,
			name: Name,
			symbol: Symbol,
			terms: Terms,
		) -> DispatchResult {
			let institution = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_create_program(institution, Label { name, symbol }, terms)
		}

		/// Issue `amount` smallest units of `program` to `to`, once for this `order`.
		///
		/// Origin: the active institution that owns `program`. Errors: [`Error::NotFound`],
		/// [`Error::NotIssuer`], [`Error::ZeroAmount`], [`Error::EraNotOpen`],
		/// [`Error::AlreadyIssued`], [`Error::OverLiabilityCap`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::issue_batch(1))]
		pub fn issue(
			origin: OriginFor<T>,
			program: ProgramId,
			to: T::AccountId,
			amount: Balance,
			order: Order,
		) -> DispatchResult {
			let issuer = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_issue(issuer, program, to, amount, order)
		}

		/// Issue up to 500 awards of `program`, each once for its order of `era`; all or none.
		///
		/// Origin and errors: as [`Pallet::issue`], and [`Error::NoAwards`].
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::issue_batch(awards.len() as u32))]
		pub fn issue_batch(
			origin: OriginFor<T>,
			program: ProgramId,
			era: EraIndex,
			awards: BoundedVec<Award<T::AccountId>, ConstU32<MAX_AWARDS>>,
		) -> DispatchResult {
			let issuer = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_issue_batch(issuer, program, era, &awards)
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Book the breakage of vintages that are due.
		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			Self::book_expiries(meter);
		}

		/// Sweep what expired vintages and past eras left behind.
		fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(remaining);
			Self::sweep(&mut meter);
			meter.consumed()
		}

		fn integrity_test() {
			assert!(T::MinPeriod::get() > 0, "a period of zero would divide by zero");
			assert!(T::MaxExpiriesPerBlock::get() > 0, "vintages would never expire");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}
}
