namespace DtMcp.Simulator.Faults;

/// <summary>How the emulated appliance misbehaves.</summary>
internal enum FaultKind
{
    /// <summary>400 API SIGNATURE ERROR.</summary>
    Signature,

    /// <summary>400 API DATE ERROR.</summary>
    Date,

    /// <summary>302 to /403.</summary>
    Permission,

    /// <summary>404.</summary>
    NotFound,

    /// <summary>200 with the HTML of the login page.</summary>
    LoginPage,

    /// <summary>429 with Retry-After.</summary>
    Busy,

    /// <summary>500.</summary>
    Error500,

    /// <summary>Headers and the first bytes, then nothing until the client goes away.</summary>
    Slow,

    /// <summary>The body ends half-way though more was announced.</summary>
    CutOff,

    /// <summary>The body is whole as HTTP has it, and no JSON from its middle on.</summary>
    BadJson,

    /// <summary>The TCP connection is reset.</summary>
    Reset,

    /// <summary>Advanced Search answers without what one probe saw, and names it in <c>darktraceChildError</c>.</summary>
    Probe,
}
