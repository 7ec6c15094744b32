//! `courant user`: those who sign in, kept from the command line.

use std::io::{IsTerminal, Write, stdin, stdout};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use courant_domain::{
    access::{Grant, Role, Viewer},
    account::{Email, User},
    locale::Locale,
    patch::Patch,
};
use courant_identity::password::{Cost, Hasher, Password};
use courant_options::{DatabaseOptions, role};
use courant_persistence::{Command, NewPassword, Store, UserCreate, UserUpdate};

/// Make, keep and list the people who sign in
#[derive(Debug, Args)]
pub(crate) struct UserArgs {
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    Create(CreateArgs),
    SetPassword(SetPasswordArgs),
    /// Keep a user out
    ///
    /// Their sessions, preview links and machines' tokens are ended, at once and on all nodes. What they did stays as it is,
    /// but what they have scheduled is not done. The last administrator who can sign in stays one.
    Disable(OneUserArgs),
    /// Let a user in again who was kept out
    Enable(OneUserArgs),
    /// List all users, with what they may do
    List {
        #[command(flatten)]
        database: DatabaseOptions,
    },
}

/// Make a user who signs in with a password
///
/// The password is asked for at the terminal, or read from standard input; it is never an option, which others on
/// the machine could read.
#[derive(Debug, Args)]
struct CreateArgs {
    /// The email address they sign in with
    #[arg(long)]
    email: String,

    /// What they are called
    #[arg(long)]
    name: String,

    /// Their role: READER, AUTHOR, EDITOR, PUBLISHER or ADMIN
    #[arg(long, default_value = "ADMIN", value_parser = role)]
    role: Role,

    /// A category the role is limited to, by its path; may be given several times
    #[arg(long, value_name = "PATH")]
    category: Vec<String>,

    /// A language the role is limited to; may be given several times
    #[arg(long, value_name = "LOCALE")]
    locale: Vec<Locale>,

    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,

    #[command(flatten)]
    database: DatabaseOptions,
}

/// Give a user another password
///
/// Their sessions are ended, at once and on all nodes. The password is asked for at the terminal, or read from standard input;
/// it is never an option, which others on the machine could read.
#[derive(Debug, Args)]
struct SetPasswordArgs {
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,

    #[command(flatten)]
    user: OneUserArgs,
}

/// Which user.
#[derive(Debug, Args)]
struct OneUserArgs {
    /// The email address they sign in with
    #[arg(long)]
    email: String,

    #[command(flatten)]
    database: DatabaseOptions,
}

pub(crate) async fn run(args: UserArgs) -> Result<()> {
    match args.command {
        UserCommand::Create(args) => {
            let store = args.database.open_migrated().await?;
            create(&store, &args).await?;
            store.close().await?;
        }
        UserCommand::SetPassword(args) => {
            let store = args.user.database.open_existing().await?;
            set_password(&store, &args).await?;
            store.close().await?;
        }
        UserCommand::Disable(args) => set_disabled(&args, true).await?,
        UserCommand::Enable(args) => set_disabled(&args, false).await?,
        UserCommand::List { database } => {
            let store = database.open_existing().await?;
            list(&store).await?;
            store.close().await?;
        }
    }
    Ok(())
}

async fn create(store: &Store, args: &CreateArgs) -> Result<()> {
    let email = Email::parse(&args.email).context("--email")?;
    let tree = &store.reference().categories;
    let mut categories = Vec::new();
    for path in &args.category {
        let category = tree.by_path(path).with_context(|| format!("there is no category {path}"))?;
        categories.push(category.id);
    }
    let password = new_password(&email, args.password_stdin)?;
    let grants = vec![Grant { role: args.role, categories, locales: args.locale.clone() }];
    let create = UserCreate { email: email.clone(), name: args.name.clone(), grants, password: Some(password) };
    let program = Viewer::program();
    let id = store.accounts().user_create(Command::of(&program), &create).await.context("the user was not made")?;
    writeln!(stdout(), "{email} can sign in as {} ({id})", args.role.as_str())?;
    Ok(())
}

async fn set_password(store: &Store, args: &SetPasswordArgs) -> Result<()> {
    let user = args.user.find(store).await?;
    let password = new_password(&user.email, args.password_stdin)?;
    update(store, UserUpdate { password: Patch::Set(Some(password)), ..UserUpdate::of(user.id) }).await?;
    let disabled =
        if user.disabled_at.is_some() { ", once they are let in again with `courant user enable`" } else { "" };
    writeln!(stdout(), "{} signs in with the new password from now on{disabled}", user.email)?;
    Ok(())
}

async fn set_disabled(args: &OneUserArgs, disabled: bool) -> Result<()> {
    let store = args.database.open_existing().await?;
    let user = args.find(&store).await?;
    let done = match (user.disabled_at.is_some(), disabled) {
        (true, true) => "is kept out already",
        (false, false) => "can sign in already",
        (_, disabled) => {
            update(&store, UserUpdate { disabled: Some(disabled), ..UserUpdate::of(user.id) }).await?;
            if disabled {
                "is kept out from now on; their sessions, preview links and machines' tokens are ended"
            } else {
                "can sign in again"
            }
        }
    };
    store.close().await?;
    writeln!(stdout(), "{} {done}", user.email)?;
    Ok(())
}

/// Has it done, and recorded as done by this program.
async fn update(store: &Store, update: UserUpdate) -> Result<()> {
    store.accounts().user_update(Command::of(&Viewer::program()), &update).await.context("the user was not changed")?;
    Ok(())
}

impl OneUserArgs {
    async fn find(&self, store: &Store) -> Result<User> {
        let email = Email::parse(&self.email).context("--email")?;
        let found = store.accounts().credentials(&email).await?;
        let found = found.with_context(|| format!("there is no user {email}; `courant user list` shows all"))?;
        Ok(found.user)
    }
}

/// A password that may be somebody's, as it is kept.
fn new_password(email: &Email, from_stdin: bool) -> Result<NewPassword> {
    let password = Password::parse(&read_password(from_stdin)?, email.as_str())?;
    Ok(Hasher::new(Cost::OWASP)?.hash(&password)?.into())
}

fn read_password(from_stdin: bool) -> Result<String> {
    if from_stdin {
        let mut line = String::new();
        stdin().read_line(&mut line).context("cannot read the password from standard input")?;
        return Ok(line.trim_end_matches(['\n', '\r']).to_owned());
    }
    if !stdin().is_terminal() {
        bail!("there is no terminal to ask for the password at; give --password-stdin and send it there");
    }
    let password = rpassword::prompt_password("Password: ")?;
    if rpassword::prompt_password("Again: ")? != password {
        bail!("these were two different passwords");
    }
    Ok(password)
}

async fn list(store: &Store) -> Result<()> {
    let mut out = stdout().lock();
    for user in store.accounts().users().await? {
        let roles: Vec<&str> = user.grants.iter().map(|grant| grant.role.as_str()).collect();
        let disabled = if user.disabled_at.is_some() { " (disabled)" } else { "" };
        writeln!(out, "{}  {}  {}{disabled}", user.email, user.name, roles.join(", "))?;
    }
    Ok(())
}
