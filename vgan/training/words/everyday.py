"""How people say in passing where an attribute lies: verbs, comparisons, sayings. By the share that they say."""

from vgan.training.words.adjectives import bank

PACE = (
    *bank(
        "adj",
        "motion",
        {
            0.05: """stock-still | dead still | stationary-looking | rock-steady | unstirring | at rest | resting |
            hovering | hanging | parked | sleeping | trance-like | rigid | calm as a pond | stone-still | steady |
            comatose | halted""",
            0.18: """chill | chilled | chilled-out | laid-back | mellow-moving | dozy | drowsy | snoozy | unrushed |
            slow-mo | slo-mo | slow motion | super slow | low-energy | lethargic | torpid | limp | loitering | dawdling
            | strolling | ambling | plodding | oozing | seeping | inching | billowing softly | undulating gently |
            rocking | cradling | lilting | subdued in motion | soft-moving | tranquil | mellow | lo-fi | ambient |
            composed | poised | cosy | comfy | sleepy and soft | zen-like | yoga-like | hushed and slow | trailing |
            sinking | settling | slackening | smouldering slowly""",
            0.8: """quick-moving | peppy | perky | upbeat | sporty | groovy | jittery | hopping | wriggling | wobbly
            and quick | whirring | dashing | darting | zooming | flitting | fluttering | flapping | scurrying |
            skittering | swirling | churning | tumbling fast | boiling | bubbling | whipping | quivering | trembling |
            throbbing | pounding | action-packed | high-energy | energised | fiery in motion | sloshing | splashing |
            springy | frisky | choppy | gusty | windswept | windy | blustery | unsettled | agile | vivacious |
            busy-moving | hyper | flashing by""",
            0.94: """mad | crazy | insane in motion | berserk | frenzied | frenetic | rabid | hell-bent | warp-speed |
            turbo | hypersonic | whizzing | hurtling | careering | convulsing | thundering | full-throttle | unhinged |
            unbridled | crazed | bonkers | whirlwind | cyclonic | squally | stampeding | bolting | zipping | flying |
            charging | blitzing""",
        },
    ),
    *bank(
        "after",
        "motion",
        {
            0.05: """it hardly moves | it barely moves at all | that hardly moves | doesn't really move | it just sits
            there | just hanging there | hovering in place | nothing moves | nothing stirs | not a breath of wind |
            frozen in time | frozen solid | still as a statue | like a still photo | holding its breath | as if asleep
            | practically a still | pretty much a photo | you can't see it move | moving so little you miss it | like
            watching grass grow | next to motionless | you have to look twice to see it move | stands there | staying
            put | not going anywhere | without a ripple | as still as can be""",
            0.18: """at a lazy pace | it takes its time | taking ages | no rush at all | no hurry | without hurrying |
            slow and steady | nice and easy | real slow | really taking it slow | at half speed | in slo-mo | slowed
            right down | like molasses | like cold honey | like lava creeping | moving like a sloth | like a turtle |
            like a jellyfish | like seaweed in a gentle current | like a feather coming down | like breathing in your
            sleep | like a slow dance | like a ballad | like a sunday morning | that creeps along | inching forward |
            it crawls | just drifting | only drifting | drifts by | drifts past | floats around | floating in the air |
            wafts around | rocks back and forth | sways back and forth | strolls along | gently does it | don't let it
            rush | don't rush it | no rushing please | nothing sudden | no sudden moves | doesn't move much | doesn't
            move a lot | nothing happens fast | easy on the speed | keep the tempo down | take the pace out | something
            to doze off to | to fall asleep to | for yoga | for relaxing | for a spa | chill vibes | for studying | for
            winding down | to calm down with | a slow burn | winding down | coming down gently | sinking like a leaf |
            slowly does it | dripping slowly | oozing along | bobbing | gliding by | in a trance | just a light sway |
            with a soft sway | only slightly moving | moves just a tad""",
            0.5: "at normal speed | neither fast nor slow | at an easy jog | with a fair bit of movement",
            0.8: """it moves quickly | moves fast | it never sits still | can't sit still | won't keep still | always
            moving | constantly moving | keeps moving | keeps changing | with some speed | with a bit of speed | at a
            good pace | with a kick | with energy | with a lot of energy | give it some energy | lots going on in terms
            of movement | that gets you moving | that makes you want to dance | whirling around | swirling around |
            whooshing by | zooming past | zooming by | zips around | buzzing around | darting about | dancing around |
            hopping about | flutters in the wind | flaps in the wind | whipped by the wind | blowing hard | tossed
            around | thrown about | shooting up | shooting past | bursting out | churning away | streaming along |
            rushing along | rolling in fast | flying past | flies past | speeds along | races along | like a timelapse
            | timelapse style | in time-lapse | double speed | at twice the speed | sped up a lot | like a rave | like
            a techno beat | like a drum solo | for a workout | for the gym | for a dj set | to pump people up | hits
            like a fast beat | lively as a market | like a busy street | in a stiff wind | in high wind | with quick
            movements | turning fast | spinning around | pouring down | pelting down | raining down hard | surging
            forward | coming at you | coming towards me fast""",
            0.94: """like crazy | like mad | like there's no tomorrow | going berserk | going nuts | going bananas |
            going full throttle | full speed ahead | at warp speed | at a hundred miles an hour | at full tilt | like a
            rocket | like a bullet | like a tornado | like a washing machine on spin | like a roller coaster | all hell
            breaks loose | pedal to the metal | foot on the gas | totally wild | wild and out of control | everything
            flies around | in total turmoil | on a sugar rush | on steroids | blasting past | blown apart | erupting |
            exploding | going off like a bomb | smashing into each other | thrashing about | whipping about | raging on
            | as wild as it gets | max speed | maximum speed | the faster the better""",
        },
    ),
)

LIGHT = (
    *bank(
        "adj",
        "brightness",
        {
            0.06: """pitch | tar-black | raven-black | midnight-dark | almost black | blackish | obsidian | near-black
            | super dark | black as night""",
            0.2: """low-light | unlighted | duskier | lowering | cloudy-dark | dark-ish | after-dark | night-club dark
            | late-night | nighttime | midnight | subfusc | darkened | blackened | sooty | crepuscular | umbral | bleak
            | leaden | spooky | haunted | creepy | eerie | mystic | dark-mode | dim-lit | evening | moody and dark |
            cave-like | dreary | cloaked""",
            0.8: """sunshiny | sunlike | sun-kissed | well lit | lighter | light-flooded | clear | crystalline and
            bright | lamp-lit | day-lit | pearly | whiter | creamy-white | white | cloudless | morning | optimistic and
            bright | fresh and bright | radiating | aglow | illuminated | spotlit | polished bright | sparkly |
            glittering | shimmering bright | light-mode | bright and airy""",
            0.94: """super bright | ultra-bright | glaringly bright | brilliant white | eye-blinding | laser-bright |
            overlit | blown-out | piercingly bright | lit up like day | sun-bright | bright as hell""",
        },
    ),
    *bank(
        "after",
        "brightness",
        {
            0.06: """you can hardly see anything | almost pitch black | mostly black | nearly all black | swallowed by
            the dark | with the lights out | in total darkness | dark as hell | with barely a glimmer""",
            0.2: """mostly dark | on the dark side | on the darker end | on black | against black | against a dark
            backdrop | with a dark background | in the night | by night | at nighttime | late in the evening | once the
            sun is down | when the sun is gone | not a lot of light | only a little light | hardly lit | barely lit |
            dimmed down | with the dimmer down | turn the lights down | turn down the brightness | lower the brightness
            | bring the lights down | take the brightness down | easy on the light | easy on the eyes at night | like
            in a cinema | like in a cave | like in a bar | like in a basement | nothing bright | no bright light | no
            glare | not glaring | nothing dazzling | that doesn't dazzle | that won't blind me | don't make it bright |
            so it doesn't hurt the eyes | for dark mode | with night vibes | midnight mood | kept in the dark | going
            dark | sinking into the dark | under a new moon""",
            0.8: """bright and cheerful | nice and bright | with plenty of light | lots of light | loads of light |
            lots of glow | with a strong glow | plenty of glow | give it some light | let the light in | bathed in
            light | bathed in sun | drenched in sunshine | light as day | on a bright background | on a white
            background | against white | with a white backdrop | with a light backdrop | crank up the brightness | turn
            the lights up | turn up the brightness | on the bright side | on the lighter side | at high noon | in
            summer | on a beach at noon | in the snow under the sun | like a sunny day | like a summer morning | like a
            light bulb | like a shop window | nothing dark | no dark bits | no darkness | not gloomy at all | no gloom
            | that lights up the room | shining | shining through | sparkling in the light | glowing strongly""",
            0.94: """as bright as it gets | as bright as you can | bright enough to need sunglasses | you need shades |
            blindingly bright | lit to the max | max brightness | full brightness | all the lights on | like a flash
            going off | like staring into headlights""",
        },
    ),
    *bank(
        "adj",
        "contrast",
        {
            0.1: """washed-out in tone | low contrast | fuzzy | cloudy in tone | dreamy-soft | buttery | fluffy-soft |
            cushiony | creamy | matte | matt | mild in tone | muzzy | gentle on the eyes | cotton-soft | silky-soft |
            tender in tone | filmy | misted | steamed-up | murky-soft | toned-down in contrast | evened-out | faint |
            blended-in | pastel-soft | dull in tone | samey | featureless | harmonious | balanced | understated in
            contrast | lacking contrast | weak in contrast | thin | bland in tone | foggy | smoky-soft | hazy-soft""",
            0.85: """punchy-looking | bold | high contrast | super contrasty | snappy-toned | crunchy | gritty |
            vigorous | poppy | graphic-looking | black-and-white sharp | razor-sharp | knife-sharp | sharply lit |
            hard-lit | hard-hitting | edgy | strong | powerful | emphatic | impactful | bold and graphic | deep and
            rich | cinematic | comic-like | ink-sharp | crystal-sharp | crisp and clear | cutting-edge sharp | hdr |
            hard-cut | stencil-like | poster-like | sculptural | stark-looking | spiky | severe | pointed""",
        },
    ),
    *bank(
        "after",
        "contrast",
        {
            0.1: """no hard edges | no edges anywhere | no harsh shadows | nothing harsh | nothing stark | nothing
            dramatic | no drama | without any drama | nothing that jumps out | nothing sticks out | nothing pops |
            nothing hard | no sharp bits | no hard differences | no big jumps between light and dark | all one tone |
            all kind of one shade | all the same tone | everything blends | everything melts together | everything
            blends in | it all runs together | soft all over | soft all around | soft tones | gentle tones | gentle
            shading | soft shading | subtle shading | soft light | soft gradations | like behind frosted glass |
            through frosted glass | like through a fogged-up window | through a steamy window | like chalk on a board
            half wiped away | like looking through milk | with a soft filter | with a matte finish | washed out | kind
            of hazy | kinda misty | a bit foggy | a little blurry | lower the contrast | turn the contrast down | take
            the contrast out | easy on the contrast | soften it | soften the edges | tone it down | smooth it out |
            keep the tones close | barely any difference between light and dark | light on the shadows | low-key
            transitions | fading softly | ton in ton | like a watercolour""",
            0.85: """with punch | with some punch | give it punch | that pops | make it pop | that really pops | it
            should pop | with bite | with an edge | hard edges | sharp lines | crisp lines | clean sharp edges | with
            crisp edges | razor sharp | really crisp | strong light and dark | bold light and shade | bright against
            black | light on black | bright spots on a black background | black blacks | deep blacks | proper blacks |
            blacks as black as coal | with rich blacks | deep shadows | hard shadows | heavy shadows | dark creases |
            strong highlights | bright highlights | gleaming highlights | a strong shine | with hot highlights |
            popping out of the dark | jumping out at you | standing out against the dark | really stands out | make it
            stand out | clearly cut out | like a comic | like a linocut | like a stage spotlight | like an old crime
            movie | like a paper cutout | turn the contrast up | crank the contrast | boost the contrast | raise the
            contrast | more bite | heavy contrast | as contrasty as possible | strong difference between light and dark
            | bright parts and dark parts | dark versus light | lit hard | lit like a thriller | full of drama |
            dramatic lighting | with a dramatic feel | like day and night | in bold strokes | stark against the
            black""",
        },
    ),
)
