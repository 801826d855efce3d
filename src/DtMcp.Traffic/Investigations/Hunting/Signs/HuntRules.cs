namespace DtMcp.Traffic.Investigations.Hunting.Signs;

/// <summary>
/// Every threshold of the hunt, in one place, each with its source or its reason. <c>tests/DtMcp.Hunts</c> measures what they find, and
/// what they find wrongly, over planted traffic.
/// </summary>
internal static class HuntRules
{
    public const long Second = 1_000;
    public const long Minute = 60 * Second;
    public const long Hour = 60 * Minute;
    public const long Day = 24 * Hour;

    // Beacons. RITA (activecm/rita, pkg/beacon) scores the gaps between starts by their median absolute deviation and Bowley skew, and the
    // sizes sent likewise; so do these rules, with each measure as a condition rather than in one score.

    /// <summary>Starts closer than this are one beat: a page or a client opens several connections at once.</summary>
    public const long SameBeatMs = 1 * Second;

    /// <summary>Fewest beats for a low, a medium and a high finding. RITA's default asks for more than 20 connections.</summary>
    public const int BeatsLow = 10;
    public const int BeatsMedium = 20;
    public const int BeatsHigh = 60;

    /// <summary>
    /// Largest jitter: the median absolute deviation of the gaps over the period, missed beats taken out. A program that waits between
    /// (1-j) and (1+j) periods measures as j/2, one that is only ever early (Cobalt Strike) as about j/4. So 0.17 holds a two-sided 30 %
    /// with the noise of 60 gaps, 0.20 one of 40 %; calls at random times measure as 0.5 and more.
    /// </summary>
    public const double JitterLow = 0.30;
    public const double JitterMedium = 0.20;
    public const double JitterHigh = 0.17;

    /// <summary>
    /// Share of the gaps that must be within a third of the period, or of 2 to 5 periods (missed beats): random ones are 45 %.
    /// </summary>
    public const double RegularLow = 0.60;
    public const double RegularMedium = 0.80;
    public const int MaxMissed = 5;
    public const double NearPeriod = 1.0 / 3;

    /// <summary>
    /// Fewer beats than <see cref="BeatsHigh"/> must be the more even, in time and in size: a day of a program that looks for news every
    /// half an hour is as many.
    /// </summary>
    public const double JitterFew = 0.10;
    public const double SizeSpreadFew = 0.10;

    /// <summary>
    /// Largest Bowley skew of the gaps, either way: a beacon is late as often as it is early (RITA). Quartiles that lie within 3 % of a
    /// period have no shape to speak of, as RITA has it for ten seconds: the network alone makes every answer late.
    /// </summary>
    public const double SkewMedium = 0.40;
    public const double SkewSpread = 0.03;

    /// <summary>
    /// Largest deviation of the bytes of a connection, both directions, over their median: for a high finding (RITA's data-size
    /// dispersion), for a period under <see cref="FastMs"/> (a stream fetched in parts varies more), and for jitter beyond the medium's.
    /// </summary>
    public const double SizeSpreadHigh = 0.25;
    public const double SizeSpreadSteady = 0.05;
    public const long FastMs = 30 * Second;

    /// <summary>
    /// A pair polled too fast for a period to show (interactive C2): as many connections of nearly one size, most 10-second spans of at
    /// least a minute filled. RITA calls the extreme of this a strobe.
    /// </summary>
    public const int PolledConnections = 100;
    public const long PolledSpanMs = Minute;
    public const long PolledSlotMs = 10 * Second;
    public const double PolledFilled = 0.80;

    /// <summary>
    /// One size whatever the gaps: a person's pages differ. As many connections, as much of them of exactly one size, over as many hours.
    /// A recorded C2 with gaps from 9 to 257 s had 505 of 505.
    /// </summary>
    public const int OneSizeConnections = 100;
    public const double OneSizeShare = 0.90;
    public const int OneSizeHours = 3;

    /// <summary>
    /// A resolver of one's own: names differ in length, so questions and answers differ in size; nine of ten alike are no names that a
    /// person asks for. A recorded channel had 11,793 a day of one size. Half a thousand is what a busy desktop asks in a day.
    /// </summary>
    public const int ResolverConnections = 500;

    /// <summary>
    /// Mean bytes of a question: a name takes 30 to 60 with its header, a tunnel (iodine, dnscat2) fills the 255 that a name may have.
    /// </summary>
    public const int ResolverQuestionBytes = 100;

    /// <summary>
    /// At a public resolver one name over and over is a device that sees whether it is on line; none needs to know every ten seconds.
    /// </summary>
    public const long ResolverCheckMs = 10 * Second;

    /// <summary>
    /// Calls that nobody takes: a program that goes on calling a server which is gone. A person gives up after some; a hundred over more
    /// than a minute, nine in ten refused or unanswered.
    /// </summary>
    public const int RefusedConnections = 100;
    public const double RefusedShare = 0.90;

    /// <summary>
    /// Inside, machines call each other by timers all day. A beacon inside is steady in time and size, to a host that at most so many
    /// devices use, from one that does not poll as many hosts (a balancer, a monitor), and was not there before.
    /// </summary>
    public const int InsideClients = 2;
    public const int PolledHosts = 2;

    /// <summary>With half as many calls between the same two before, it was there.</summary>
    public const double InsideUsual = 0.5;

    /// <summary>
    /// The same period and size to as many hosts is one service with many addresses: a vendor's, as an intruder has few. Within 5 % of the
    /// period, as a timer waits for its work to end, and 10 % of the size.
    /// </summary>
    public const int ServiceHosts = 3;
    public const double SamePeriod = 0.05;
    public const double SameSize = 0.10;

    // Popularity. What many devices do is seldom one intruder's (RITA's prevalence). Devices inside alone count.

    /// <summary>
    /// More devices than this on one destination lower a confidence by one step; more than <see cref="VeryPopular"/>, or half of all, make
    /// it low.
    /// </summary>
    public const int Popular = 3;
    public const int VeryPopular = 10;
    public const double MaxDevices = 0.5;
    public const int FewestForShare = 4;

    // Uploads.

    /// <summary>
    /// Bytes of all uploads to one destination. A gigabyte a day is the usual alarm of a monitoring team; a megabyte holds a password
    /// store.
    /// </summary>
    public const long UploadLow = 1_000_000;
    public const long UploadMedium = 2_000_000;
    public const long UploadHigh = 100_000_000;

    /// <summary>Where the usual is not known: mail with attachments and the telemetry of a day stay below.</summary>
    public const long UploadMediumUnknown = 5_000_000;

    /// <summary>How many times its usual a device must send for medium and high, where its usual is known.</summary>
    public const int UploadTimesUsual = 5;

    /// <summary>
    /// What went to the same destination before is usual when it went on for half a day, or had ended six hours earlier; else it is the
    /// beginning of the same upload.
    /// </summary>
    public const long HabitSpanMs = 12 * Hour;
    public const long HabitPauseMs = 6 * Hour;

    /// <summary>The time before is at least a day, so that a night is compared with nights and a morning with mornings.</summary>
    public const long UsualMs = Day;

    /// <summary>With rows that reach back less than half of it, everything would be new.</summary>
    public const long ReachesBackMs = Day / 2;

    /// <summary>
    /// Where the usual is not known and the device is busy with other hosts at the same time, what people send is not told from what is
    /// stolen: pictures and documents, to 25 MB an attachment (the limit of Gmail and of many web forms).
    /// </summary>
    public const long UploadMediumBusy = 25_000_000;

    /// <summary>Mail of 25 MB is a third more on the way (base64, RFC 2045); no server takes much more in one.</summary>
    public const long UploadMediumMail = 35_000_000;

    /// <summary>
    /// A device that goes to no more other hosts in the hours of an upload is quiet: a person's goes to dozens in an hour, one that is left
    /// on to a push channel, a clock and an updater.
    /// </summary>
    public const int QuietHosts = 3;

    /// <summary>
    /// A time before that is longer has other days at the hour of the day before: <see cref="Queries.Channels.Channel.Hours"/> repeats
    /// after 64.
    /// </summary>
    public const long SameHoursMs = 36 * Hour;

    // Scans. Zeek's policy/misc/scan: 25 hosts on a port, or 15 ports on a host, failed within 5 minutes.

    public const int ScanHosts = 25;
    public const int ScanPorts = 15;
    public const long ScanHighMs = 5 * Minute;
    public const long ScanMediumMs = Hour;

    /// <summary>Share of the hosts or ports tried that must have failed.</summary>
    public const double ScanFailed = 0.5;

    /// <summary>Outside, browsers try as many web servers when the line is down; a scan of the web is told by four times as many.</summary>
    public const int ScanWebTimes = 4;

    /// <summary>A source that scanned at least half as much before is known for it: a scanner that someone set up.</summary>
    public const double ScanUsual = 0.5;

    /// <summary>
    /// A source that tries as many ports of half of all devices, few hosts that are not there, and does nothing outside, looks like a
    /// vulnerability scanner that someone set up; a program that spreads has one port or few, and one that gropes finds dark addresses.
    /// One device in five may be off or away.
    /// </summary>
    public const int InventoryPorts = 10;
    public const double InventoryShare = 0.5;
    public const double InventoryAlive = 0.8;

    // Mail. Emerging Threats 2000328 ("Outbound Multiple Non-SMTP Server Emails"): 10 in two minutes from what is no mail server.

    /// <summary>Networks of mail servers (a provider's servers are neighbours) within two minutes for high, an hour for medium.</summary>
    public const int MailNetworks = 10;
    public const long MailHighMs = 2 * Minute;
    public const long MailMediumMs = Hour;

    /// <summary>A source that went to half as many before is known for it.</summary>
    public const double MailUsual = 0.5;

    // Guessing of passwords.

    /// <summary>
    /// Fewest tries: from outside, inside, and going outside, where people and programs log in often. Hydra and Medusa make hundreds an
    /// hour; a monitoring check makes 12 to 60.
    /// </summary>
    public const int GuessesIn = 20;
    public const int GuessesInside = 50;
    public const int GuessesOut = 100;
    public const int GuessesHigh = 500;

    /// <summary>No rule asks for fewer.</summary>
    public const int FewestGuesses = GuessesIn;

    /// <summary>Inside, file sharing connects over and over for its own reasons: a guesser makes as many.</summary>
    public const int GuessesSharing = 500;

    /// <summary>One host outside that comes to one port so often is at work there, answered or not.</summary>
    public const int Hammered = 1_000;
    public const double HammeredShare = 0.80;

    /// <summary>Fewest tries in an hour that had any.</summary>
    public const int GuessesAnHourIn = 20;
    public const int GuessesAnHour = 120;

    /// <summary>Most bytes a try takes, both ways: a refused login is a key exchange and a few packets.</summary>
    public const long GuessBytes = 10_000;

    /// <summary>A web login told by count and size: as many requests of nearly one size, as many a minute.</summary>
    public const int WebGuesses = 500;
    public const int WebGuessesAnHour = 600;
    public const double WebGuessSize = 0.05;

    /// <summary>With more guessers than this on one port, the story is the port's.</summary>
    public const int ManySources = 3;

    // Lateral movement: points for each sign on one pair inside.

    /// <summary>
    /// With as many clients of a port, a host is a server of it: that is what it is there for. Of file sharing two are enough.
    /// </summary>
    public const int ServerClients = 3;
    public const int SharingClients = 2;

    public const int LateralMedium = 3;
    public const int LateralHigh = 6;

    /// <summary>
    /// As many hosts administered by one device within the hour are a spread; as many over as many hours, most of them apart, are a
    /// management server's or an administrator's, unless the time before shows that it is the first time.
    /// </summary>
    public const int SpreadHosts = 3;
    public const int ManagedHosts = 6;
    public const int ManagedHours = 4;

    /// <summary>Of those that an administrator goes to, so many are servers of others.</summary>
    public const double ManagedServers = 0.5;

    /// <summary>Bytes over file sharing that hold a tool or a document, not a name lookup.</summary>
    public const long PushedBytes = 1_000_000;

    /// <summary>Pairs of one source beyond which its lateral movement is told in one line.</summary>
    public const int LateralLines = 8;

    // Administration across the edge.

    /// <summary>A session from outside, not a stray connection: a minute, or what a screen or a shell sends in one.</summary>
    public const int SessionMs = 60_000;
    public const long SessionBytes = 100_000;

    // New destinations.

    /// <summary>Connections, or bytes sent, that make a new destination worth a look when it is this device's alone.</summary>
    public const int NewConnections = 20;
    public const long NewBytesOut = 1_000_000;

    /// <summary>More new devices than this share and number are a day after a day off.</summary>
    public const int NewDevices = 3;

    // Long connections. RITA lists from one hour and colours at 4 and 12.

    public const int LongMs = (int)Hour;
    public const int LongMediumMs = 4 * (int)Hour;

    /// <summary>
    /// In a short window a connection is long when it lasts ten minutes and a quarter of it; medium when half an hour and half of it.
    /// </summary>
    public const int LongInShortMs = 10 * (int)Minute;
    public const double LongShare = 0.25;
    public const int LongInShortMediumMs = 30 * (int)Minute;
    public const double LongShareMedium = 0.5;

    /// <summary>
    /// Fewer bytes a second are a connection kept open: a keep-alive of 100 bytes every 10 s at the most. Recorded push services had 0.2.
    /// </summary>
    public const double IdleBytesASecond = 10;

    /// <summary>On the ports of push and chat services, presence and typing marks come to less than this.</summary>
    public const double ChatBytesASecond = 100;

    /// <summary>A large download: this many times more comes than goes.</summary>
    public const int DownloadTimes = 100;

    // The same far end.

    /// <summary>What another device sends to a far end that a medium or high story names counts from so many bytes.</summary>
    public const long SharedBytes = 100_000;
}
