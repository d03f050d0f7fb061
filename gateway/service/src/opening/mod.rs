//! Opening balances: points that customers had before, in one document that shop and auditor sign, issued once.
//!
//! | file | what it does |
//! |---|---|
//! | `balances` | reads a shop's CSV |
//! | `document` | the document, its hash, and what stands on the chain for each of its lines |
//! | `signatures` | who signed the hash |

mod balances;
mod document;
mod signatures;

pub use balances::{Holder, Row, read};
pub use document::{Balance, Document, DocumentError, order_of};
pub use signatures::{Party, Signatures, Signed, message};
