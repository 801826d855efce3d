namespace DtMcp.Investigations;

/// <summary>Questions as people put them, and the tools that answer each at once.</summary>
internal static class Paraphrases
{
    public static IReadOnlyList<(string Tools, string Question)> All { get; } =
    [
        .. Of("get_network_traffic",
            """
            show me the single connections
            list connection rows sorted by bytes
            give me the raw rows
            page through the connections of this device
            which rows match these filters
            show network traffic rows with totals
            list individual flows as rows
            the connections themselves please, sorted
            """),
        .. Of("summarize_network_traffic",
            """
            give me an overview of the network
            summary of network traffic
            start with an overview
            what are the top talkers and protocols overall
            totals and external share
            overview: top ports and talkers
            summarize the network
            what does the network look like today, an overview
            """),
        .. Of("summarize_external_traffic",
            """
            traffic with the internet
            summarize external traffic
            which destinations on the Internet
            which internal sources use suspicious ports outside
            external destinations by bytes
            who came in from the internet
            where does our data go on the Internet
            external summary please
            """),
        .. Of("analyze_device_activity",
            """
            what did this device do
            device activity of fin-ws-01
            tell me about one device
            who is this device and what did it talk to
            activity of the laptop device
            what did one device talk to inside and outside
            who came to this device
            timeline of a device
            """),
        .. Of("analyze_protocols_and_ports",
            """
            which protocols and ports are used
            application protocols by bytes
            ports by connections
            protocols and destination ports
            break down by protocol and port
            source and destination ports
            list protocols by bytes
            which application protocols are in use
            """),
        .. Of("analyze_bandwidth|aggregate_traffic",
            """
            bandwidth by device
            bandwidth by hour
            which device uses most bandwidth
            bytes in and out by hour
            how much bandwidth each device uses
            bandwidth over the hours
            who uses the bandwidth
            bytes in and out by device
            """),
        .. Of("analyze_subnet",
            """
            activity of a subnet
            what happens within the subnet
            devices of the subnet 10.20.10.0/24
            subnet traffic to other subnets
            analyze this subnet
            which devices are in that subnet and what do they do
            traffic within one subnet
            subnet overview with its devices
            """),
        .. Of("aggregate_traffic",
            """
            group connections by country
            bytes by country hourly
            top devices by hour, any measure
            group traffic by two things
            connections by asn with any filter
            any grouping by state
            groups by port and country
            group by hour and device
            """),
        .. Of("describe_endpoint",
            """
            describe this host outside
            who talks to that host, since when
            how rare is this host outside
            country and network of a host
            who else talks to this far end
            tell me about the endpoint outside
            what names and breaches has this far end host
            describe the far end
            """),
        .. Of("lookup_names",
            """
            which names did this device look up
            DNS names looked up
            names nobody else looked up
            rare names in DNS
            DNS tunnels
            what names does this host have
            lookup names of the laptop
            TLS and HTTP names called
            """),
        .. Of("find_devices",
            """
            find devices named fin
            what is the did of this laptop
            find a device by its MAC
            search a device by tag or vendor
            find the device with this hostname
            look for devices by label
            find devices by part of an IP
            which did has this hostname
            """),
        .. Of("list_filter_values",
            """
            which values does the protocol filter accept
            list filter values
            what metrics are accepted values
            values of viewsubnet
            which applicationprotocol values
            filter values for subnets
            list values that metric accepts
            allowed filter values
            """),
        .. Of("compare_traffic",
            """
            what changed since yesterday
            compare with last week
            what is new against an earlier window
            compare traffic with the day before
            new and gone devices
            which destinations are new or grown
            what changed
            compare this window with an earlier one
            """),
        .. Of("hunt_traffic",
            """
            is anything beaconing, hunt
            hunt for beacons
            look for uploads and scans
            hunt lateral movement
            any guessed passwords
            hunt for something bad
            look for beacons and admin ports across the edge
            hunt in the traffic for stories
            """),
        .. Of("check_appliance",
            """
            is the appliance reachable
            check the appliance
            is its clock right
            is the token allowed
            which evidence does the appliance give
            check the token and clock
            can the appliance be reached
            check permissions of the token
            """),
    ];

    private static IEnumerable<(string, string)> Of(string tools, string questions) =>
        questions.Split('\n').Select(question => (tools, question));
}
